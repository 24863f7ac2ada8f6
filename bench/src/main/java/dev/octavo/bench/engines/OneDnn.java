package dev.octavo.bench.engines;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * oneDNN, the library behind the int8 of PyTorch, TensorFlow and OpenVINO on x86: one loaded copy
 * of it with its CPU engine, held to an instruction set.
 *
 * <p>The instruction set can be set once in the life of a loaded library, so each cap is a {@link
 * PrivateCopy} of the file; all of them run in one process and alternate in one measurement.
 */
public final class OneDnn {

  /** What a copy is held to. */
  public enum Cap {
    /** Whatever is best here. */
    NONE("onednn", 0, ""),
    AVX512_VNNI("onednn-avx512vnni", 0x67, "AVX512-VNNI"),
    AVX2_VNNI("onednn-avx2vnni", 0x0F, "AVX-VNNI"),
    AVX2("onednn-avx2", 0x07, "AVX2");

    private final String id;
    private final int isa; // dnnl_cpu_isa_t
    private final String instructions;

    Cap(String id, int isa, String instructions) {
      this.id = id;
      this.isa = isa;
      this.instructions = instructions;
    }

    /** How results name it. */
    public String id() {
      return id;
    }
  }

  private static final String FILE = "libdnnl.so.3";
  private static final Map<Cap, OneDnn> LOADED = new EnumMap<>(Cap.class);

  private final NativeLibrary library;
  private final MethodHandle execute;
  private final MethodHandle setThreads;
  private final MemorySegment engine;
  private final MemorySegment stream;

  private OneDnn(Path file, NativeLibrary openMp, Cap cap) {
    library = NativeLibrary.open(file);
    execute =
        library.function("dnnl_primitive_execute", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    setThreads = openMp.function("omp_set_num_threads", null, JAVA_INT);
    if (cap != Cap.NONE) {
      check("dnnl_set_max_cpu_isa", cap.isa);
    }
    engine = make("dnnl_engine_create", 1, 0L);
    stream = make("dnnl_stream_create", engine, 1);
  }

  /** Why a cap cannot be had on this machine; empty when it can. */
  public static synchronized Optional<String> unusableBecause(Cap cap) {
    if (EngineFiles.find(FILE).isEmpty()) {
      return Optional.of(EngineFiles.absent("oneDNN"));
    }
    int here = (int) get(cap).library.call("dnnl_get_effective_cpu_isa", JAVA_INT);
    return cap == Cap.NONE || here == cap.isa
        ? Optional.empty()
        : Optional.of("the CPU or the operating system lacks " + cap.instructions);
  }

  /** The copy with a cap; ask {@link #unusableBecause} first. */
  public static synchronized OneDnn get(Cap cap) {
    return LOADED.computeIfAbsent(cap, OneDnn::load);
  }

  private static OneDnn load(Cap cap) {
    Path original = EngineFiles.find(FILE).orElseThrow();
    // Loaded first, because all copies ask for it by name.
    NativeLibrary openMp = NativeLibrary.open(EngineFiles.find("libgomp.so.1").orElseThrow());
    if (cap == Cap.NONE) {
      return new OneDnn(original, openMp, cap);
    }
    try {
      Path folder = Files.createTempDirectory("octavo-onednn");
      Path copy = folder.resolve(cap.id() + ".so");
      try {
        PrivateCopy.of(original, copy);
        return new OneDnn(copy, openMp, cap);
      } finally { // what is loaded needs no file any more
        Files.deleteIfExists(copy);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MemorySegment engine() {
    return engine;
  }

  /** Calls a function that returns a {@code dnnl_status_t}, and throws unless it is success. */
  void check(String function, Object... arguments) {
    int status = (int) library.call(function, JAVA_INT, arguments);
    if (status != 0) {
      throw new OneDnnException(function, status);
    }
  }

  /** Calls a function whose first argument is where it stores the object it makes. */
  MemorySegment make(String function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(ADDRESS);
      Object[] all = new Object[arguments.length + 1];
      all[0] = to;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      check(function, all);
      return to.get(ADDRESS, 0);
    }
  }

  /** Calls a function that returns a pointer. */
  MemorySegment pointer(String function, Object... arguments) {
    return (MemorySegment) library.call(function, ADDRESS, arguments);
  }

  /** Calls a function that returns a {@code size_t}. */
  long size(String function, Object... arguments) {
    return (long) library.call(function, JAVA_LONG, arguments);
  }

  /** How many threads the calling thread's work is shared between. */
  void setThreads(int threads) {
    try {
      setThreads.invokeExact(threads);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a primitive; on the CPU it is done on return. */
  void execute(MemorySegment primitive, int count, MemorySegment arguments) {
    int status;
    try {
      status = (int) execute.invokeExact(primitive, stream, count, arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (status != 0) {
      throw new OneDnnException("dnnl_primitive_execute", status);
    }
  }

  /** What a primitive descriptor says it will run, such as {@code brg_matmul:avx512_core_vnni}. */
  @SuppressWarnings("restricted") // a C string has no length of its own
  String implementation(MemorySegment descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(ADDRESS);
      check("dnnl_primitive_desc_query", descriptor, 8, 0, to);
      return to.get(ADDRESS, 0).reinterpret(256).getString(0);
    }
  }
}
