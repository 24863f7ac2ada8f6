package dev.octavo.bench.engines;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Intel's MKL: {@code gemm_s8u8s32} with a right-hand side packed beforehand.
 *
 * <p>MKL picks one of its kernel libraries by the CPU it finds, once in the life of the process; on
 * CPUs of other makers that may be a slow one, and it takes no advice there. The environment
 * variable {@code MKL_ENABLE_INSTRUCTIONS} (AVX2, AVX512, …), which is Intel's own, caps it for a
 * whole run. {@link #kernels} tells what it picked.
 */
public final class Mkl {

  private static final String FILE = "libmkl_rt.so.3";

  // Constants of CBLAS and MKL.
  private static final int ROW_MAJOR = 101;
  private static final int AS_IS = 111;
  private static final int TRANSPOSED = 112;
  private static final int PACKED = 151;
  private static final int RIGHT_MATRIX = 162;
  private static final int OFFSET_PER_COLUMN = 171;
  private static final int THREADS_OF_GNU = 3;
  private static final int INTS_OF_32_BITS = 0;

  private static Mkl loaded;

  private final NativeLibrary library;
  private final MethodHandle compute;
  private final MethodHandle setThreads;

  private Mkl(Path file) {
    // The layer of threads asks for the OpenMP library by name; here is one.
    EngineFiles.find("libgomp.so.1").ifPresent(NativeLibrary::open);
    library = NativeLibrary.open(file);
    library.call("MKL_Set_Interface_Layer", JAVA_INT, INTS_OF_32_BITS);
    library.call("MKL_Set_Threading_Layer", JAVA_INT, THREADS_OF_GNU);
    setThreads = library.function("MKL_Set_Num_Threads", null, JAVA_INT);
    compute =
        library.function(
            "cblas_gemm_s8u8s32_compute",
            null,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            JAVA_BYTE,
            ADDRESS,
            JAVA_INT,
            JAVA_BYTE,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            ADDRESS);
  }

  /** Why there is none; empty when there is. */
  public static Optional<String> unusableBecause() {
    return EngineFiles.find(FILE).isPresent()
        ? Optional.empty()
        : Optional.of(EngineFiles.absent("MKL"));
  }

  /** The library; ask {@link #unusableBecause} first. */
  public static synchronized Mkl get() {
    if (loaded == null) {
      loaded = new Mkl(EngineFiles.find(FILE).orElseThrow());
    }
    return loaded;
  }

  /** Bytes of a packed right-hand side. */
  public long packedBytes(int m, int n, int k) {
    return (long)
        library.call("cblas_gemm_s8u8s32_pack_get_size", JAVA_LONG, RIGHT_MATRIX, m, n, k);
  }

  /** Packs {@code n} rows of {@code k} s8. */
  public void pack(int m, int n, int k, MemorySegment weights, MemorySegment packed) {
    library.call(
        "cblas_gemm_s8u8s32_pack",
        null,
        ROW_MAJOR,
        RIGHT_MATRIX,
        TRANSPOSED,
        m,
        n,
        k,
        weights,
        k,
        packed);
  }

  /**
   * {@code dst[m,n] = Σ_k lhs[m,k]·rhs[n,k] + offset[n]}.
   *
   * @param lhs u8
   * @param packed what {@link #pack} made
   */
  public void multiply(
      int m,
      int n,
      int k,
      MemorySegment lhs,
      MemorySegment packed,
      MemorySegment offset,
      MemorySegment dst,
      int threads) {
    byte none = 0;
    try {
      setThreads.invokeExact(threads);
      compute.invokeExact(
          ROW_MAJOR,
          AS_IS,
          PACKED,
          OFFSET_PER_COLUMN,
          m,
          n,
          k,
          1f,
          lhs,
          k,
          none,
          packed,
          k,
          none,
          0f,
          dst,
          n,
          offset);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The kernel library that MKL has loaded by now, such as {@code avx512}. */
  public String kernels() {
    try {
      Matcher loaded =
          Pattern.compile("libmkl_(def|mc3|avx2|avx512|avx10)\\.so")
              .matcher(Files.readString(Path.of("/proc/self/maps")));
      return loaded.find() ? loaded.group(1) : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }
}
