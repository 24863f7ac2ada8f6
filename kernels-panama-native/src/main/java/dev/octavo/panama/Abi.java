package dev.octavo.panama;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * octavo.h, function by function, in its order: a test reads both files side by side. Initializing
 * this class needs a loaded {@link NativeLibrary}.
 *
 * <p>Each handle is a constant called with {@code invokeExact}, so that the JIT compiler sees
 * through it. A pointer argument is a {@link MemorySegment}: the linker keeps its arena open until
 * the call returns. Two kinds of call:
 *
 * <ul>
 *   <li><b>ordinary</b>: the thread is handed over to C and a garbage collection goes on without
 *       it, however long the call lasts. Native segments only.
 *   <li><b>critical</b>: heap segments too, lent in place; the collector waits until the call
 *       returns. So these are either constant-time questions, or one strip of work.
 * </ul>
 */
final class Abi {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout VOID = null;

  /** {@code struct octavo_shape}: copied into the call, from heap memory as well. */
  private static final StructLayout SHAPE =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(ShapeWords.COUNT, LONG));

  private static final Linker.Option[] ORDINARY = {};
  private static final Linker.Option[] CRITICAL = {Linker.Option.critical(true)};

  /** The version of octavo.h that this class was written for. */
  static final int VERSION = 4;

  static final MethodHandle ABI_VERSION = bind(ORDINARY, "octavo_abi_version", INT);

  static final MethodHandle BACKEND_COUNT = bind(ORDINARY, "octavo_backend_count", INT);
  static final MethodHandle BACKEND_ID = bind(ORDINARY, "octavo_backend_id", POINTER, INT);
  static final MethodHandle BACKEND_RANK = bind(ORDINARY, "octavo_backend_rank", INT, INT);
  static final MethodHandle BACKEND_STATUS =
      bind(ORDINARY, "octavo_backend_status", POINTER, INT, LONG);

  static final MethodHandle KERNEL_NAME =
      bind(ORDINARY, "octavo_kernel_name", POINTER, INT, POINTER, POINTER);
  static final MethodHandle PLAN_LAYOUT =
      bind(ORDINARY, "octavo_plan_layout", VOID, INT, POINTER, POINTER);

  static final MethodHandle PLAN_BYTES = bind(ORDINARY, "octavo_plan_bytes", LONG);
  static final MethodHandle PACKED_BYTES =
      bind(ORDINARY, "octavo_packed_bytes", LONG, INT, POINTER);
  static final MethodHandle PREPARE =
      bind(
          ORDINARY,
          "octavo_prepare",
          VOID,
          INT,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          LONG,
          LONG);

  static final MethodHandle STRIPS = bind(CRITICAL, "octavo_strips", LONG, POINTER, SHAPE);
  static final MethodHandle SCRATCH_BYTES =
      bind(CRITICAL, "octavo_scratch_bytes", LONG, POINTER, SHAPE);
  static final MethodHandle RUN =
      bind(
          ORDINARY,
          "octavo_run",
          VOID,
          POINTER,
          POINTER,
          SHAPE,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          LONG,
          LONG);

  /** {@link #RUN} for heap operands: one strip at a time. */
  static final MethodHandle RUN_CRITICAL =
      bind(
          CRITICAL,
          "octavo_run",
          VOID,
          POINTER,
          POINTER,
          SHAPE,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          LONG,
          LONG);

  static final MethodHandle STEPS = bind(CRITICAL, "octavo_steps", LONG, POINTER, SHAPE);

  /** A part of a strip that is too long to lend heap memory for. */
  static final MethodHandle RUN_STEP =
      bind(
          CRITICAL,
          "octavo_run_step",
          VOID,
          POINTER,
          POINTER,
          SHAPE,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          POINTER,
          LONG,
          LONG);

  private Abi() {}

  @SuppressWarnings("restricted")
  private static MethodHandle bind(
      Linker.Option[] options, String name, MemoryLayout result, MemoryLayout... parameters) {
    SymbolLookup symbols = NativeLibrary.get().symbols();
    FunctionDescriptor type =
        result == VOID
            ? FunctionDescriptor.ofVoid(parameters)
            : FunctionDescriptor.of(result, parameters);
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type, options);
  }

  /** A constant C string. */
  @SuppressWarnings("restricted")
  static String string(MemorySegment pointer) {
    return pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** What a downcall handle may throw, though it declares more: passes it on. */
  static RuntimeException unchecked(Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError("a downcall threw a checked exception", thrown);
    }
  }
}
