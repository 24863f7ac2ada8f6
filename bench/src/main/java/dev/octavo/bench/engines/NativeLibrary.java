package dev.octavo.bench.engines;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;

/** A loaded shared library: its functions by name. It stays loaded. */
@SuppressWarnings("restricted") // to call native code is what this class is for
final class NativeLibrary {

  private final SymbolLookup symbols;

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** Loads a file. */
  static NativeLibrary open(Path file) {
    return new NativeLibrary(SymbolLookup.libraryLookup(file, Arena.global()));
  }

  /** A function for repeated calls; {@code result} is null for {@code void}. */
  MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    FunctionDescriptor type =
        result == null
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(result, arguments);
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
  }

  /**
   * Calls a function once. The C types of its arguments follow from the Java types of the values.
   *
   * @param result null for {@code void}
   */
  Object call(String name, MemoryLayout result, Object... arguments) {
    MemoryLayout[] layouts =
        Arrays.stream(arguments).map(NativeLibrary::layout).toArray(MemoryLayout[]::new);
    try {
      return function(name, result, layouts).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    }
  }

  private static MemoryLayout layout(Object value) {
    return switch (value) {
      case Integer i -> ValueLayout.JAVA_INT;
      case Long l -> ValueLayout.JAVA_LONG;
      case Byte b -> ValueLayout.JAVA_BYTE;
      case Float f -> ValueLayout.JAVA_FLOAT;
      case MemorySegment s -> ValueLayout.ADDRESS;
      default -> throw new IllegalArgumentException("no C type for " + value.getClass());
    };
  }
}
