package dev.octavo.stress;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Shape;
import dev.octavo.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A small product whose right answer is known, on any backend. */
final class Product {
  static final int ROWS = 5;
  private static final int N = 7;
  private static final int K = 13;
  private static final GemmSpec SPEC = GemmSpec.of(N, K).withLhs(ElementType.U8, 3);
  private static final byte[] LHS = pattern(ROWS * K, 31);
  private static final byte[] RHS = pattern(N * K, 57);
  private static final int[] EXPECTED = expected();

  private static final List<Backend> BACKENDS =
      Backends.list().stream()
          .filter(b -> b.availability() instanceof Availability.Usable)
          .toList();

  private static final AtomicInteger NEXT = new AtomicInteger();

  private Product() {}

  private static byte[] pattern(int length, int step) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * step);
    }
    return bytes;
  }

  private static int[] expected() {
    int[] expected = new int[ROWS * N];
    for (int row = 0; row < ROWS; row++) {
      for (int n = 0; n < N; n++) {
        for (int k = 0; k < K; k++) {
          expected[row * N + n] += ((LHS[row * K + k] & 0xff) - 3) * RHS[n * K + k];
        }
      }
    }
    return expected;
  }

  /** Every call the next one. */
  static Backend backend() {
    return BACKENDS.get(Math.floorMod(NEXT.getAndIncrement(), BACKENDS.size()));
  }

  static Kernel prepare(Backend backend, Arena arena) {
    return backend.prepare(SPEC, Weights.rowsOfK(MemorySegment.ofArray(RHS), K), arena);
  }

  static MemorySegment lhs(Arena arena) {
    return arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, LHS);
  }

  /** Whether the first rows come out right, of an input that lies anywhere. */
  static boolean isRight(Kernel kernel, MemorySegment lhs, int rows) {
    Shape shape = SPEC.rows(rows);
    int[] dst = new int[rows * N];
    kernel.run(shape, lhs, MemorySegment.ofArray(dst));
    return Arrays.equals(dst, Arrays.copyOf(EXPECTED, dst.length));
  }

  /** The same of an input on the heap. */
  static boolean isRight(Kernel kernel, int rows) {
    return isRight(kernel, MemorySegment.ofArray(LHS), rows);
  }
}
