package dev.octavo.conformance.truth;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A shared library from a jar of the class path, called through its C ABI. Arguments are passed by
 * their Java type: {@code int}, {@code long}, {@code boolean}, {@link MemorySegment}.
 */
@SuppressWarnings("restricted") // calling native code is what this class is for
public final class NativeLibrary {
  private final SymbolLookup symbols;
  private final Map<String, MethodHandle> functions = new HashMap<>();

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** This machine in the words of those who publish the jars: linux-x86_64, for example. */
  public static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String system = os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : os;
    return system
        + "-"
        + switch (arch) {
          case "amd64" -> "x86_64";
          case "aarch64" -> "arm64";
          default -> arch;
        };
  }

  /** Whether a folder of the class path has this file. */
  public static boolean onClassPath(String folder, String name) {
    return NativeLibrary.class.getClassLoader().getResource(folder + "/" + name) != null;
  }

  /**
   * Loads libraries from one folder of the class path, in this order; functions are those of the
   * last.
   *
   * @return empty if the class path has no such folder
   */
  public static Optional<NativeLibrary> find(String folder, String... names) {
    try {
      Path copies = Files.createTempDirectory("octavo-truth");
      copies.toFile().deleteOnExit();
      SymbolLookup symbols = null;
      for (String name : names) {
        Path copy = copies.resolve(name);
        try (InputStream in =
            NativeLibrary.class.getClassLoader().getResourceAsStream(folder + "/" + name)) {
          if (in == null) {
            return Optional.empty();
          }
          Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        copy.toFile().deleteOnExit();
        symbols = SymbolLookup.libraryLookup(copy, Arena.global());
      }
      return Optional.of(new NativeLibrary(symbols));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a function that returns nothing. */
  public void run(String name, Object... arguments) {
    call(name, null, arguments);
  }

  /** Calls a function that returns an int. */
  public int integer(String name, Object... arguments) {
    return (int) call(name, ValueLayout.JAVA_INT, arguments);
  }

  /** Calls a function that returns a size. */
  public long size(String name, Object... arguments) {
    return (long) call(name, ValueLayout.JAVA_LONG, arguments);
  }

  /** Calls a function that returns a pointer. */
  public MemorySegment pointer(String name, Object... arguments) {
    return (MemorySegment) call(name, ValueLayout.ADDRESS, arguments);
  }

  /** Calls a function that returns a constant string. */
  public String text(String name, Object... arguments) {
    return pointer(name, arguments).reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** Calls a function that returns a pointer to constant ints, so many of them. */
  public int[] integers(int count, String name, Object... arguments) {
    MemorySegment ints = pointer(name, arguments).reinterpret(4L * count);
    return ints.toArray(ValueLayout.JAVA_INT);
  }

  /** A handle that a function of one argument destroys when the arena closes. */
  public MemorySegment owned(MemorySegment handle, Arena arena, String destroy) {
    Consumer<MemorySegment> end = h -> call(destroy, ValueLayout.JAVA_INT, h);
    return MemorySegment.ofAddress(handle.address()).reinterpret(arena, end);
  }

  private Object call(String name, MemoryLayout result, Object... arguments) {
    try {
      return function(name, result, arguments).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    }
  }

  private synchronized MethodHandle function(String name, MemoryLayout result, Object[] arguments) {
    return functions.computeIfAbsent(
        name,
        n -> {
          MemoryLayout[] layouts = new MemoryLayout[arguments.length];
          for (int i = 0; i < layouts.length; i++) {
            layouts[i] = layout(arguments[i]);
          }
          FunctionDescriptor type =
              result == null
                  ? FunctionDescriptor.ofVoid(layouts)
                  : FunctionDescriptor.of(result, layouts);
          return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(n), type);
        });
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Integer i -> ValueLayout.JAVA_INT;
      case Long l -> ValueLayout.JAVA_LONG;
      case Boolean b -> ValueLayout.JAVA_BOOLEAN;
      case MemorySegment s -> ValueLayout.ADDRESS;
      default -> throw new IllegalArgumentException("no C type for " + argument);
    };
  }
}
