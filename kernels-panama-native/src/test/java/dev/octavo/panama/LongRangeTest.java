package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A dynamic quantization of much data: in one call on native operands, in steps on heap operands,
 * for the collector's sake. The bits are those of the definition.
 */
class LongRangeTest {
  private static final int ROWS = 3;
  private static final int LENGTH = 140_001;
  private static final int GAP = 5;

  /** The extremes lie in different steps; NaN counts for nothing. */
  private static float[] input(int rowElements) {
    float[] input = new float[ROWS * rowElements];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < input.length; i++) {
      input[i] = random.nextFloat(-3, 5);
    }
    input[LENGTH / 2] = Float.NaN;
    for (int row = 0; row < ROWS; row++) {
      input[row * rowElements + LENGTH - 1] = 11 + row;
      input[row * rowElements + 70_000] = -7 - row;
    }
    return input;
  }

  @Test
  void inStepsOrInOneCall() {
    Built.assumeLoaded();
    for (Backend backend : new NativeProvider().backends()) {
      if (!(backend.availability() instanceof Availability.Unusable)) {
        for (DynamicQuantizeSpec.Range range : DynamicQuantizeSpec.Range.values()) {
          for (boolean perRow : new boolean[] {false, true}) {
            for (int gap : new int[] {0, GAP}) {
              DynamicQuantizeSpec spec = new DynamicQuantizeSpec(ElementType.S8, range, perRow);
              check(backend, spec, gap);
            }
          }
        }
      }
    }
  }

  private static void check(Backend backend, DynamicQuantizeSpec spec, int gap) {
    int rowElements = LENGTH + gap;
    float[] input = input(rowElements);
    Shape shape = new Shape.Elements(ROWS, LENGTH, 4L * rowElements, rowElements);
    int count = spec.perRow() ? ROWS : 1;
    byte[] output = new byte[ROWS * rowElements];
    float[] scales = new float[count];
    int[] zeroPoints = new int[count];
    try (Arena arena = Arena.ofConfined()) {
      Kernel kernel = backend.prepare(spec, arena);
      LhsParameters onHeap =
          new LhsParameters(MemorySegment.ofArray(scales), MemorySegment.ofArray(zeroPoints));
      kernel.run(shape, MemorySegment.ofArray(input), MemorySegment.ofArray(output), onHeap);
      MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_FLOAT, input);
      MemorySegment out = arena.allocate(output.length);
      LhsParameters lhs =
          new LhsParameters(arena.allocate(4L * count, 4), arena.allocate(4L * count, 4));
      kernel.run(shape, in, out, lhs);
      String what = backend + ", " + spec + ", gap " + gap;
      assertArrayEquals(lhs.scales().toArray(ValueLayout.JAVA_FLOAT), scales, what);
      assertArrayEquals(lhs.zeroPoints().toArray(ValueLayout.JAVA_INT), zeroPoints, what);
      assertArrayEquals(out.toArray(ValueLayout.JAVA_BYTE), output, what);
    }
    for (int i = 0; i < count; i++) {
      float high = spec.perRow() ? 11 + i : 13;
      float low = spec.perRow() ? -7 - i : -9;
      boolean symmetric = spec.range() == DynamicQuantizeSpec.Range.SYMMETRIC;
      assertArrayEquals(
          new float[] {symmetric ? high / 127 : (high - low) / 255}, new float[] {scales[i]});
    }
  }
}
