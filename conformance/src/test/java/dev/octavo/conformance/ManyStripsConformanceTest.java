package dev.octavo.conformance;

import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.ElementType;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Work that is cut in every direction there is: rows, blocks of output channels within a group, and
 * stretches of elements that begin in the middle of a channel. The drafts of the contracts are too
 * small to be cut so; mutants of those offsets lived on.
 */
class ManyStripsConformanceTest {
  private static final Output.Requantized BYTES =
      Output.Requantized.of(
          ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, Multipliers.Float32.of(0.0007f), 120);

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<Backend> backends = Backends.list();

  @Test
  void blocksOfColumns() {
    for (Output output :
        List.of(Output.ACCUMULATORS, BYTES, new Output.Dequantized(Scales.of(0.01f)))) {
      GemmSpec spec = GemmSpec.of(1500, 70).withLhs(ElementType.U8, 3).withOutput(output);
      check(spec, Weights.rowsOfK(MemorySegment.NULL, 70), spec.rows(37));
    }
  }

  /** Sums so long that a backend may not be away for one of them, and computes it in steps. */
  @Test
  void deepSums() {
    int k = 70_001;
    int m = 5;
    float[] scales = {1, 2, 3, 4, 5};
    int[] zeroPoints = {9, -7, 5, 3, 1};
    List<LhsQuantization> lhs =
        List.of(
            LhsQuantization.zeroPoint(3),
            new LhsQuantization.PerTensor(),
            new LhsQuantization.PerRow());
    for (ElementType type : List.of(ElementType.U8, ElementType.S8)) {
      for (int i = 0; i < lhs.size(); i++) {
        Output output =
            List.of(BYTES, Output.ACCUMULATORS, new Output.Dequantized(Scales.of(0.01f))).get(i);
        ZeroPoints rhs = i == 1 ? ZeroPoints.ZERO : ZeroPoints.of(100);
        GemmSpec spec =
            GemmSpec.of(21, k)
                .withLhs(type, lhs.get(i))
                .withRhs(i == 0 ? ElementType.U8 : ElementType.S8, rhs)
                .withOutput(output);
        int parameters = i == 0 ? 0 : i == 1 ? 1 : m;
        check(
            spec,
            filter(spec, Weights.rowsOfK(MemorySegment.NULL, k)),
            spec.rows(m),
            Arrays.copyOf(scales, parameters),
            Arrays.copyOf(zeroPoints, parameters));
      }
    }
  }

  @Test
  void blocksOfColumnsWithinGroups() {
    ConvSpec spec =
        ConvSpec.of(2 * 230, 2 * 41, Window.of(3, 3).withPadding(1))
            .withGroups(2)
            .withLhs(ElementType.S8, -5);
    Weights weights = Weights.ohwi(MemorySegment.NULL, spec);
    check(spec, weights, spec.nhwc(2, 3, 7));
    check(spec.withOutput(BYTES), weights, spec.withOutput(BYTES).nchw(2, 3, 7));
  }

  @Test
  void blocksOfDepthwiseChannels() {
    for (int multiplier : new int[] {1, 2}) {
      ConvSpec spec =
          ConvSpec.of(1400 / multiplier, 1400, Window.of(3, 3).withPadding(1))
              .withGroups(1400 / multiplier)
              .withLhs(ElementType.U8, 9);
      Weights weights = Weights.ohwi(MemorySegment.NULL, spec);
      check(spec, weights, spec.nhwc(1, 5, 9));
      check(spec.withOutput(BYTES), weights, spec.withOutput(BYTES).nchw(2, 3, 7));
    }
  }

  /** Five channels of 3001 elements, dense and with gaps; then channels that change every time. */
  @Test
  void elementsOfManyChannels() {
    Scales scales = Scales.of(0.5f, 0.25f, 3, 0.125f, 7);
    ZeroPoints zeroPoints = ZeroPoints.of(1, 2, 3, 4, 5);
    float[] one = {1, 2, 3, 4, 5};
    float[] ten = {10, 20, 30, 40, 50};
    Multipliers.Float32 multipliers = Multipliers.Float32.of(0.1f, 0.2f, 0.3f, 0.4f, 0.5f);
    List<Spec> specs =
        List.of(
            new QuantizeSpec(
                ElementType.U8, scales, zeroPoints, 0, 255, QuantizeRule.DIVIDE_HALF_EVEN),
            new DequantizeSpec(ElementType.S8, scales, zeroPoints),
            new FakeQuantizeSpec(
                new FakeQuantizeSpec.Affine(
                    scales, zeroPoints, 0, 255, QuantizeRule.MULTIPLY_HALF_EVEN)),
            new FakeQuantizeSpec(new FakeQuantizeSpec.Levels(one, ten, one, ten, 256)),
            RequantizeSpec.of(
                5,
                new Output.Requantized(
                    ElementType.S8, Recipe.FLOAT32_NEAREST_EVEN, multipliers, 3, -128, 127)));
    for (Spec spec : specs) {
      check(spec, elements(spec, 3, 3001, 0));
      check(spec, elements(spec, 3, 3001, 4));
      check(spec, elements(spec, 9000, 1, 0));
      check(spec, elements(spec, 9000, 1, 4));
    }
  }

  @Test
  void manyRowsWithRangesOfTheirOwn() {
    DynamicQuantizeSpec spec =
        new DynamicQuantizeSpec(ElementType.U8, DynamicQuantizeSpec.Range.ASYMMETRIC, true);
    check(spec, elements(spec, 600, 97, 0));
    check(spec, elements(spec, 600, 97, 4));
  }

  /** Rows with that many elements between them. */
  private static Shape.Elements elements(Spec spec, long outer, long inner, long gap) {
    long row = Grid.channels(spec) * inner + gap;
    return new Shape.Elements(
        outer, inner, row * spec.inputType().bytes(), row * spec.outputType().bytes());
  }

  private void check(Spec spec, Shape shape) {
    check(spec, Filter.NONE, shape, new float[0], new int[0]);
  }

  private void check(Spec spec, Weights at, Shape shape) {
    check(spec, filter(spec, at), shape, new float[0], new int[0]);
  }

  /** Weights at these strides; where they lie does not matter. */
  private Filter filter(Spec spec, Weights at) {
    int channels = Grid.weights(spec, at).extents()[0];
    Bias bias = Bias.of(IntStream.range(0, channels).map(c -> 17 * c).toArray());
    byte[] bytes = new byte[Grid.weights(spec, at).bytes()];
    random.nextBytes(bytes);
    long[] strides = {at.outStride(), at.heightStride(), at.widthStride(), at.inStride()};
    return new Filter(bytes, strides, bias);
  }

  private void check(Spec spec, Filter filter, Shape shape, float[] scales, int[] zeroPoints) {
    byte[] input = new byte[Grid.input(spec, shape).bytes()];
    random.nextBytes(input);
    if (spec.inputType() == ElementType.F32) {
      MemorySegment data = MemorySegment.ofArray(input);
      for (int at = 0; at < input.length; at += Float.BYTES) {
        Cells.put(data, at, random.nextFloat(-300, 300));
      }
    }
    Problem problem = new Problem(spec, filter, shape, input, scales, zeroPoints);
    Answer expected = problem.answer();
    for (boolean inPieces : new boolean[] {false, true}) {
      Circumstances circumstances =
          new Circumstances(
              Residence.HEAP,
              Residence.HEAP,
              Residence.WALL_AFTER,
              Residence.HEAP,
              inPieces,
              1,
              random.nextLong());
      Trial.run(problem, expected, circumstances, backends);
    }
  }
}
