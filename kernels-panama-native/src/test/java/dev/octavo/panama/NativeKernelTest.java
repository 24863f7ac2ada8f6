package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.LhsQuantization;
import dev.octavo.PackedLayout;
import dev.octavo.Shape;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every native backend that runs here, against sums in plain long arithmetic. */
class NativeKernelTest {
  private final Random random = new Random(42);
  private List<Backend> backends;

  @BeforeEach
  void backends() {
    Built.assumeLoaded();
    backends =
        new NativeProvider()
            .backends().stream()
                .filter(b -> !(b.availability() instanceof Availability.Unusable))
                .toList();
    assertTrue(backends.stream().anyMatch(b -> b.id().equals("native-scalar")));
  }

  @Test
  void gemmWithEveryMixOfHeapAndNativeOperands() {
    for (int residence = 0; residence < 32; residence++) {
      int m = 1 + random.nextInt(40);
      int n = 1 + random.nextInt(70);
      int k = 1 + random.nextInt(90);
      boolean perRow = (residence & 8) != 0;
      GemmSpec spec =
          GemmSpec.of(n, k)
              .withLhs(
                  ElementType.U8,
                  perRow ? new LhsQuantization.PerRow() : LhsQuantization.zeroPoint(131))
              .withRhs(ElementType.S8, ZeroPoints.of(-3));
      byte[] lhs = bytes(m * k);
      byte[] rhs = bytes(n * k);
      int[] zeroPoints = random.ints(m, 0, 256).toArray();
      int[] bias = random.ints(n).toArray();
      int[] expected = new int[m * n];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          long sum = bias[j];
          for (int x = 0; x < k; x++) {
            int a = Byte.toUnsignedInt(lhs[i * k + x]) - (perRow ? zeroPoints[i] : 131);
            sum += (long) a * (rhs[j * k + x] + 3);
          }
          expected[i * n + j] = (int) sum;
        }
      }
      for (Backend backend : backends) {
        try (Arena arena = Arena.ofConfined()) {
          Weights weights = Weights.rowsOfK(at(residence, 16, rhs, arena), k);
          Kernel kernel = backend.prepare(spec, weights.withBias(Bias.of(bias)), arena);
          Shape shape = spec.rows(m);
          MemorySegment out =
              (residence & 2) == 0
                  ? arena.allocate(4L * m * n, 4)
                  : MemorySegment.ofArray(new int[m * n]);
          LhsParameters parameters =
              perRow
                  ? new LhsParameters(MemorySegment.NULL, MemorySegment.ofArray(zeroPoints))
                  : null;
          run(
              kernel,
              shape,
              at(residence, 1, lhs, arena),
              out,
              parameters,
              at(residence, 4, new byte[(int) kernel.scratchBytes(shape)], arena));
          assertArrayEquals(
              expected,
              out.toArray(ValueLayout.JAVA_INT),
              () -> backend + " " + kernel.plan(shape) + " m=" + m);
          assertLayout(kernel, rhs, n, k);
        }
      }
    }
  }

  @Test
  void convolutionFromHeapAndNative() {
    Window window = Window.of(3, 2).withStrides(2, 1).withPadding(1, 0, 2, 1);
    for (int groups : new int[] {1, 2, 6}) {
      int in = 6;
      int out = 12;
      int h = 9;
      int w = 7;
      ConvSpec spec = ConvSpec.of(in, out, window).withGroups(groups).withLhs(ElementType.S8, -7);
      int i = spec.groupInChannels();
      byte[] image = bytes(2 * h * w * in);
      byte[] filter = bytes(out * 3 * 2 * i);
      int[] expected = new int[2 * window.outHeight(h) * window.outWidth(w) * out];
      int at = 0;
      for (int b = 0; b < 2; b++) {
        for (int y = 0; y < window.outHeight(h); y++) {
          for (int x = 0; x < window.outWidth(w); x++) {
            for (int o = 0; o < out; o++) {
              long sum = 0;
              for (int tap = 0; tap < 6 * i; tap++) {
                int row = 2 * y + tap / (2 * i) - 1;
                int column = x + tap / i % 2;
                if (row >= 0 && row < h && column < w) {
                  int channel = o / (out / groups) * i + tap % i;
                  sum +=
                      (long) (image[((b * h + row) * w + column) * in + channel] + 7)
                          * filter[o * 6 * i + tap];
                }
              }
              expected[at++] = (int) sum;
            }
          }
        }
      }
      for (Backend backend : backends) {
        for (int residence = 0; residence < 8; residence++) {
          try (Arena arena = Arena.ofConfined()) {
            Weights weights = Weights.ohwi(at(residence, 1, filter, arena), spec);
            Kernel kernel = backend.prepare(spec, weights, arena);
            Shape shape = spec.nhwc(2, h, w);
            MemorySegment output =
                (residence & 2) == 0
                    ? arena.allocate(4L * expected.length, 4)
                    : MemorySegment.ofArray(new int[expected.length]);
            run(
                kernel,
                shape,
                at(residence, 1, image, arena).asReadOnly(),
                output,
                null,
                at(residence, 4, new byte[(int) kernel.scratchBytes(shape)], arena));
            assertArrayEquals(
                expected,
                output.toArray(ValueLayout.JAVA_INT),
                () -> backend + " " + kernel.plan(shape));
          }
        }
      }
    }
  }

  @Test
  void anEmptyOutputHasNoStripsWhateverTheExtents() {
    for (Backend backend : backends) {
      GemmSpec spec = GemmSpec.of(0, 0);
      Kernel kernel = backend.prepare(spec, Weights.rowsOfK(MemorySegment.NULL, 0), Arena.global());
      assertEquals(0, kernel.strips(new Shape.Rows(Long.MAX_VALUE, 0, 0)));
      assertEquals(MemorySegment.NULL, kernel.packed());
    }
  }

  @Test
  void sizesThatOverflowAreRefusedBeforeCSeesThem() {
    for (Backend backend : backends) {
      GemmSpec huge = GemmSpec.of(Integer.MAX_VALUE, Integer.MAX_VALUE);
      Weights oneByte = new Weights(MemorySegment.ofArray(new byte[1]), 0, 0, 0, 0, Bias.none());
      assertThrows(
          IllegalArgumentException.class, () -> backend.prepare(huge, oneByte, Arena.global()));
      assertThrows(IllegalArgumentException.class, () -> backend.plan(huge));
      Window window = Window.of(1, 1).withPadding(Integer.MAX_VALUE / 2);
      ConvSpec padded = ConvSpec.of(1 << 16, 1, window.withStride(Integer.MAX_VALUE));
      Weights filter = new Weights(oneByte.data(), 0, 0, 0, 0, Bias.none());
      Kernel kernel = backend.prepare(padded, filter, Arena.global());
      assertThrows(IllegalArgumentException.class, () -> kernel.strips(padded.nhwc(1, 4, 4)));
    }
  }

  /** C gets to see only what was asked for, whoever wrote the arena. */
  @Test
  void anArenaThatGivesTheWrongMemoryIsRefused() {
    for (Backend backend : backends) {
      GemmSpec spec = GemmSpec.of(4, 4);
      Weights weights = Weights.rowsOfK(MemorySegment.ofArray(new byte[16]), 4);
      for (Arena bad :
          List.of(
              arena((bytes, alignment) -> MemorySegment.ofArray(new byte[(int) bytes])),
              arena((bytes, alignment) -> Arena.global().allocate(bytes, alignment).asReadOnly()),
              arena((bytes, alignment) -> Arena.global().allocate(bytes / 2, alignment)),
              arena((bytes, alignment) -> Arena.global().allocate(bytes + 1, 64).asSlice(1)))) {
        assertThrows(IllegalArgumentException.class, () -> backend.prepare(spec, weights, bad));
      }
    }
  }

  private interface Allocation {
    MemorySegment allocate(long bytes, long alignment);
  }

  private static Arena arena(Allocation allocation) {
    return new Arena() {
      @Override
      public MemorySegment allocate(long bytes, long alignment) {
        return allocation.allocate(bytes, alignment);
      }

      @Override
      public MemorySegment.Scope scope() {
        return Arena.global().scope();
      }

      @Override
      public void close() {}
    };
  }

  /** All strips, in uneven pieces, the last ones first, with dirty scratch. */
  private void run(
      Kernel kernel,
      Shape shape,
      MemorySegment in,
      MemorySegment out,
      LhsParameters lhs,
      MemorySegment scratch) {
    long strips = kernel.strips(shape);
    long middle = strips == 0 ? 0 : random.nextLong(strips + 1);
    scratch.fill((byte) 0x5a);
    kernel.run(shape, in, out, lhs, scratch, middle, strips);
    kernel.run(shape, in, out, lhs, scratch, 0, middle);
  }

  private static void assertLayout(Kernel kernel, byte[] rhs, int n, int k) {
    PackedLayout layout = kernel.plan().layout().get();
    for (int j = 0; j < n; j++) {
      for (int x = 0; x < k; x++) {
        int packed = kernel.packed().get(ValueLayout.JAVA_BYTE, layout.offset(j, x));
        assertEquals(rhs[j * k + x], (byte) (packed ^ layout.flip()), layout::toString);
      }
    }
    assertTrue(kernel.packed().isReadOnly());
    assertTrue(kernel.packed().byteSize() <= kernel.plan().packedBytes());
  }

  /** On the heap if the bit is set in the residence. */
  private static MemorySegment at(int residence, int bit, byte[] content, Arena arena) {
    MemorySegment heap = MemorySegment.ofArray(content);
    return (residence & bit) != 0 ? heap : arena.allocate(content.length, 1).copyFrom(heap);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
