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

  private static final long SIZE = GETPAGESIZE == null ? 4096 : pageSize();

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

  private static long pageSize() {
    try {
      return (int) GETPAGESIZE.invokeExact();
    } catch (Throwable e) {
      throw cannot(e);
    }
  }

  /** The address of fresh, zeroed pages. */
  static long map(long bytes) {
    MemorySegment pages;
    try {
      pages =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
    } catch (Throwable e) {
      throw cannot(e);
    }
    if (pages.address() == -1) {
      throw new OutOfMemoryError("mmap of " + bytes + " bytes failed");
    }
    return pages.address();
  }

  /** Makes a page a wall. */
  static void forbid(long address, long bytes) {
    int failed;
    try {
      failed = (int) MPROTECT.invokeExact(MemorySegment.ofAddress(address), bytes, PROT_NONE);
    } catch (Throwable e) {
      throw cannot(e);
    }
    require(failed == 0, "mprotect", address, bytes);
  }

  /** Gives pages back. */
  static void unmap(long address, long bytes) {
    int failed;
    try {
      failed = (int) MUNMAP.invokeExact(MemorySegment.ofAddress(address), bytes);
    } catch (Throwable e) {
      throw cannot(e);
    }
    require(failed == 0, "munmap", address, bytes);
  }

  private static void require(boolean success, String call, long address, long bytes) {
    if (!success) {
      throw new IllegalStateException(
          call + " of " + bytes + " bytes at 0x" + Long.toHexString(address) + " failed");
    }
  }

  private static RuntimeException cannot(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a system call cannot throw", thrown);
  }
}
