package dev.octavo.conformance;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * The four POSIX calls that {@link GuardArena} stands on: {@code getpagesize}, {@code mmap}, {@code
 * mprotect} and {@code munmap}. All or none: {@link #weakness} says what is missing.
 */
final class Pages {
  private static final int PROT_NONE = 0;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE = 2;
  private static final String OS = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  private static final int MAP_ANONYMOUS = OS.contains("mac") ? 0x1000 : 0x20;

  private static final MethodHandle GETPAGESIZE =
      find("getpagesize", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle MMAP =
      find(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MPROTECT =
      find("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MUNMAP =
      find("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

  private static final long SIZE = GETPAGESIZE == null ? 4096 : (int) call(GETPAGESIZE);

  private Pages() {}

  @SuppressWarnings("restricted")
  private static MethodHandle find(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(symbol -> linker.downcallHandle(symbol, type))
        .orElse(null);
  }

  /** Why pages cannot be protected here, or null when they can. */
  static String weakness() {
    boolean all = GETPAGESIZE != null && MMAP != null && MPROTECT != null && MUNMAP != null;
    return all
        ? null
        : "no getpagesize, mmap, mprotect and munmap in the default library lookup of " + OS;
  }

  /** The size of a page, in bytes. */
  static long size() {
    return SIZE;
  }

  /** The address of fresh, zeroed pages. */
  static long map(long bytes) {
    MemorySegment none = MemorySegment.NULL;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    long address =
        ((MemorySegment) call(MMAP, none, bytes, PROT_READ_WRITE, flags, -1, 0L)).address();
    if (address == -1) {
      throw new OutOfMemoryError("mmap of " + bytes + " bytes failed");
    }
    return address;
  }

  /** Makes a page a wall. */
  static void forbid(long address, long bytes) {
    if ((int) call(MPROTECT, MemorySegment.ofAddress(address), bytes, PROT_NONE) != 0) {
      throw new IllegalStateException(
          "mprotect of " + bytes + " bytes at 0x" + Long.toHexString(address) + " failed");
    }
  }

  /** Gives pages back. */
  static void unmap(long address, long bytes) {
    if ((int) call(MUNMAP, MemorySegment.ofAddress(address), bytes) != 0) {
      throw new IllegalStateException(
          "munmap of " + bytes + " bytes at 0x" + Long.toHexString(address) + " failed");
    }
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call cannot throw", e);
    }
  }
}
