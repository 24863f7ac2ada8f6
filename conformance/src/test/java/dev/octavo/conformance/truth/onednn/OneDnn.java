package dev.octavo.conformance.truth.onednn;

import static java.lang.foreign.MemorySegment.NULL;

import dev.octavo.ElementType;
import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.Library;
import dev.octavo.conformance.truth.NativeLibrary;
import dev.octavo.conformance.truth.SkippedWithout;
import dev.octavo.conformance.truth.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * oneDNN, which OpenVINO's CPU plugin and PyTorch run, through its C API: one copy of the library
 * for each limit on its instructions, because a copy can be limited once. Numbers in capitals are
 * those of its headers.
 */
final class OneDnn {
  private static final String FOLDER = "org/bytedeco/dnnl";
  private static final String FILE = "libdnnl.so.3";
  private static final int CPU = 1;
  private static final int IN_ORDER = 1;

  /** Skips tests where there is no library for the machine. */
  static final class Absent extends SkippedWithout {
    Absent() {
      super("oneDNN", FOLDER, FILE, "Run Maven with -Ptruth-all.");
    }
  }

  /** dnnl_cpu_isa_avx2. */
  static final int AVX2 = 7;

  /** dnnl_cpu_isa_avx512_core_vnni. */
  static final int AVX512_VNNI = 103;

  /** Whatever is best on this machine. */
  static final OneDnn BEST = new OneDnn(0);

  private final NativeLibrary library;
  private final MemorySegment engine;
  private final MemorySegment stream;
  private final Library name;

  /**
   * A copy of its own.
   *
   * @param isa a dnnl_cpu_isa_t; 0 is no limit
   */
  OneDnn(int isa) {
    String folder = FOLDER + "/" + NativeLibrary.platform();
    library = NativeLibrary.find(folder, "libgomp.so.1", FILE).orElseThrow();
    require(library.integer("dnnl_set_max_cpu_isa", isa), "dnnl_set_max_cpu_isa");
    engine = create("dnnl_engine_create", CPU, 0L);
    stream = create("dnnl_stream_create", engine, IN_ORDER);
    String version =
        Arrays.stream(library.integers(3, "dnnl_version"))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining("."));
    name = new Library("oneDNN", version);
  }

  /** A row of the table. */
  Claim claim(String operator, String recipe) {
    return name.claim(operator, recipe);
  }

  /** The dnnl_cpu_isa_t that it runs on. */
  int isa() {
    return library.integer("dnnl_get_effective_cpu_isa");
  }

  MemorySegment engine() {
    return engine;
  }

  MemorySegment stream() {
    return stream;
  }

  NativeLibrary library() {
    return library;
  }

  /** Calls a function that returns a status. */
  void call(String function, Object... arguments) {
    require(library.integer(function, arguments), function);
  }

  /** Calls a function that writes a handle to its first argument and returns a status. */
  MemorySegment create(String function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
      Object[] all = new Object[arguments.length + 1];
      all[0] = handle;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      require(library.integer(function, all), function);
      return handle.get(ValueLayout.ADDRESS, 0);
    }
  }

  /** The same, and destroyed by a function of one argument when the arena closes. */
  MemorySegment create(Arena arena, String destroy, String function, Object... arguments) {
    return library.owned(create(function, arguments), arena, destroy);
  }

  /** Its type of one of ours. */
  static int type(ElementType type) {
    return switch (type) {
      case F32 -> 3;
      case S32 -> 4;
      case S8 -> 5;
      case U8 -> 6;
    };
  }

  /** A description of a dense tensor with other extents, in other order. */
  MemorySegment description(Arena arena, ElementType type, long[] extents, long[] strides) {
    return create(
        arena,
        "dnnl_memory_desc_destroy",
        "dnnl_memory_desc_create_with_strides",
        extents.length,
        arena.allocateFrom(ValueLayout.JAVA_LONG, extents),
        type(type),
        arena.allocateFrom(ValueLayout.JAVA_LONG, strides));
  }

  /** A description of a tensor in whatever order the primitive likes best. */
  MemorySegment anyOrder(Arena arena, ElementType type, long[] extents) {
    int any = 1;
    return create(
        arena,
        "dnnl_memory_desc_destroy",
        "dnnl_memory_desc_create_with_tag",
        extents.length,
        arena.allocateFrom(ValueLayout.JAVA_LONG, extents),
        type(type),
        any);
  }

  /** A copy of a vector as memory, alive as long as the arena is. */
  MemorySegment vector(Arena arena, Tensor values) {
    long[] count = {values.count()};
    MemorySegment description = description(arena, values.type(), count, new long[] {1});
    return memory(arena, description, copy(arena, values));
  }

  /**
   * What a tensor holds, in memory that no garbage collector takes back before the arena closes.
   */
  static MemorySegment copy(Arena arena, Tensor values) {
    return arena.allocate(values.data().byteSize(), 64).copyFrom(values.data());
  }

  /** Memory over data of ours. */
  MemorySegment memory(Arena arena, MemorySegment description, MemorySegment data) {
    return create(arena, "dnnl_memory_destroy", "dnnl_memory_create", description, engine, data);
  }

  private static void require(int status, String function) {
    if (status != 0) {
      throw new IllegalStateException(function + " gives dnnl_status_t " + status);
    }
  }

  /** A null pointer, as an argument. */
  static MemorySegment none() {
    return NULL;
  }
}
