package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.Kernel;
import dev.octavo.Shape;
import dev.octavo.Strides;
import dev.octavo.Weights;
import dev.octavo.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The 3×3 convolution with fewer products, which computes 4·y: where y is largest, and who gets it.
 */
class WinogradTest {
  private static final int SIZE = 9;

  /** 9·channels·255·255 is below 2²⁹ for so many, and no more. */
  private static final int MOST_CHANNELS = 916;

  private Optional<Backend> avx2;

  @BeforeEach
  void backend() {
    Built.assumeLoaded();
    avx2 =
        new NativeProvider()
            .backends().stream()
                .filter(b -> b.id().equals("native-avx2"))
                .filter(b -> !(b.availability() instanceof Availability.Unusable))
                .findAny();
    org.junit.jupiter.api.Assumptions.assumeTrue(avx2.isPresent(), "no AVX2");
  }

  @Test
  void theLargestSumsAreExact() {
    assertTrue(name(MOST_CHANNELS).startsWith("winograd_u8u8s32_6x16x2_"), name(MOST_CHANNELS));
    run(MOST_CHANNELS);
  }

  @Test
  void largerSumsAreLeftToTheOtherKernel() {
    assertTrue(name(MOST_CHANNELS + 4).startsWith("conv_"), name(MOST_CHANNELS + 4));
    run(MOST_CHANNELS + 4);
  }

  @Test
  void aFewPixelsAreLeftToTheOtherKernel() {
    try (Arena arena = Arena.ofConfined()) {
      Kernel kernel = kernel(64, new byte[9 * 64 * 16], arena);
      assertTrue(kernel.plan(shape(64, 2)).kernel().startsWith("conv_"));
      assertTrue(kernel.plan(shape(64, SIZE)).kernel().startsWith("winograd_"));
    }
  }

  private String name(int channels) {
    try (Arena arena = Arena.ofConfined()) {
      return kernel(channels, new byte[9 * channels * 16], arena)
          .plan(shape(channels, SIZE))
          .kernel();
    }
  }

  /** All bytes are 255: an output is 255·255·channels times the taps that see the image. */
  private void run(int channels) {
    byte[] weights = new byte[9 * channels * 16];
    byte[] image = new byte[SIZE * SIZE * channels];
    Arrays.fill(weights, (byte) 255);
    Arrays.fill(image, (byte) 255);
    int[] out = new int[SIZE * SIZE * 16];
    try (Arena arena = Arena.ofConfined()) {
      kernel(channels, weights, arena)
          .run(shape(channels, SIZE), MemorySegment.ofArray(image), MemorySegment.ofArray(out));
    }
    for (int i = 0; i < out.length; i++) {
      int pixel = i / 16;
      int taps = taps(pixel / SIZE) * taps(pixel % SIZE);
      assertEquals(255 * 255 * channels * taps, out[i], "pixel " + pixel);
    }
  }

  private static int taps(int at) {
    return at == 0 || at == SIZE - 1 ? 2 : 3;
  }

  private Kernel kernel(int channels, byte[] weights, Arena arena) {
    ConvSpec spec =
        ConvSpec.of(channels, 16, Window.of(3, 3).withPadding(1)).withRhs(ElementType.U8);
    return avx2.orElseThrow()
        .prepare(spec, Weights.ohwi(MemorySegment.ofArray(weights), spec), arena);
  }

  private static Shape.Image shape(int channels, int size) {
    return new Shape.Image(
        1, size, size, Strides.nhwc(size, size, channels, 1), Strides.nhwc(size, size, 16, 4));
  }
}
