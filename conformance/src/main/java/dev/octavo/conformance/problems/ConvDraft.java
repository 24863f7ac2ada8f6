package dev.octavo.conformance.problems;

import dev.octavo.ConvSpec;
import dev.octavo.Shape;
import dev.octavo.Strides;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.conformance.Filter;
import dev.octavo.conformance.Grid;
import dev.octavo.conformance.Problem;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A convolution problem in a few words, small enough to print and to shrink; the rest follows from
 * the seed.
 *
 * @param extents of the image
 * @param channels and groups
 * @param window kernel, stride, dilation and padding
 * @param operands what is multiplied
 * @param stage what becomes of the sums
 * @param layout where the elements lie
 * @param seed of everything else
 */
public record ConvDraft(
    Extents extents,
    Channels channels,
    Window window,
    Operands operands,
    Stage stage,
    Layout layout,
    long seed)
    implements Draft {
  /** Extents of the image; raised where the window would not fit. */
  public record Extents(int batch, int height, int width) {}

  /** Groups, and the channels in and out of each. */
  public record Channels(int groups, int inGroup, int outGroup) {}

  /** How filters are stored. */
  public enum FilterOrder {
    OHWI,
    OIHW,
    HWIO
  }

  /**
   * Where the elements lie.
   *
   * @param inputLast whether the input is channels-last, else channels-first
   * @param outputLast whether the output is
   * @param filter order of the filter
   * @param filterGap bytes between any two of its elements
   * @param gap elements between the pixels, rows and images of both tensors
   */
  public record Layout(
      boolean inputLast, boolean outputLast, FilterOrder filter, int filterGap, int gap) {}

  /** The same with its elements elsewhere. */
  public ConvDraft with(Layout other) {
    return new ConvDraft(extents, channels, window, operands, stage, other, seed);
  }

  /** The same image under a 1×1 window of one group, everything dense and channels-last. */
  public ConvDraft oneByOne() {
    Channels one =
        new Channels(1, channels.groups * channels.inGroup, channels.groups * channels.outGroup);
    Layout dense = new Layout(true, true, FilterOrder.OHWI, 0, 0);
    return new ConvDraft(extents, one, Window.of(1, 1), operands, stage, dense, seed);
  }

  /** The spec: everything but the data. */
  public ConvSpec spec() {
    RandomGenerator random = new SplittableRandom(seed);
    int outChannels = channels.groups * channels.outGroup;
    return new ConvSpec(
        channels.groups * channels.inGroup,
        outChannels,
        window,
        channels.groups,
        operands.lhsType(),
        operands.rhsType(),
        operands.lhs().quantization(operands.lhsType(), operands.lhsZero(), random),
        operands.rhsZeroPoints(outChannels, random),
        stage.output(outChannels, random));
  }

  /** Where the pixels lie. */
  public Shape.Image shape() {
    ConvSpec spec = spec();
    int height =
        Math.max(
            extents.height,
            least(
                window.kernelHeight(),
                window.dilationHeight(),
                window.padTop() + window.padBottom()));
    int width =
        Math.max(
            extents.width,
            least(
                window.kernelWidth(),
                window.dilationWidth(),
                window.padLeft() + window.padRight()));
    Strides input = strides(layout.inputLast, height, width, spec.inChannels(), 1);
    Strides output =
        strides(
            layout.outputLast,
            window.outHeight(height),
            window.outWidth(width),
            spec.outChannels(),
            spec.outputType().bytes());
    return new Shape.Image(extents.batch, height, width, input, output);
  }

  private static int least(int kernel, int dilation, int padding) {
    return Math.max(1, dilation * (kernel - 1) + 1 - padding);
  }

  private Strides strides(boolean last, int height, int width, int channels, int element) {
    long gap = (long) layout.gap * element;
    if (last) {
      long pixel = (long) channels * element + gap;
      long row = width * pixel + gap;
      return new Strides(height * row + gap, row, pixel, element);
    }
    long row = (long) width * element + gap;
    long plane = height * row + gap;
    return new Strides(channels * plane + gap, row, element, plane);
  }

  @Override
  public Problem problem() {
    ConvSpec spec = spec();
    Shape.Image shape = shape();
    RandomGenerator random = new SplittableRandom(~seed);
    Filter filter = filter(spec, random);
    byte[] input = Operands.bytes(Grid.input(spec, shape), operands.lhsFill(), random);
    float[] scales = operands.lhs().scales(1, random);
    int[] zeroPoints = operands.lhs().zeroPoints(1, operands.lhsType(), operands.lhsZero(), random);
    Problem unbiased = new Problem(spec, filter, shape, input, scales, zeroPoints);
    Filter biased =
        filter.withBias(
            stage.bias(spec.output(), spec.outChannels(), pixel(unbiased, random), random));
    return new Problem(spec, biased, shape, input, scales, zeroPoints);
  }

  private Filter filter(ConvSpec spec, RandomGenerator random) {
    Weights weights =
        switch (layout.filter) {
          case OHWI -> Weights.ohwi(MemorySegment.NULL, spec);
          case OIHW -> Weights.oihw(MemorySegment.NULL, spec);
          case HWIO -> Weights.hwio(MemorySegment.NULL, spec);
        };
    // A gap multiplies all strides: the order stays, and nothing is dense any more.
    long apart = 1 + layout.filterGap;
    long[] strides = {
      apart * weights.outStride(),
      apart * weights.heightStride(),
      apart * weights.widthStride(),
      apart * weights.inStride()
    };
    Weights spaced =
        new Weights(weights.data(), strides[0], strides[1], strides[2], strides[3], weights.bias());
    byte[] bytes = Operands.bytes(Grid.weights(spec, spaced), operands.rhsFill(), random);
    return new Filter(bytes, strides, weights.bias());
  }

  /** The products of one output pixel. */
  private Optional<int[]> pixel(Problem unbiased, RandomGenerator random) {
    int outputs = ((ConvSpec) unbiased.spec()).outChannels();
    int pixels = unbiased.outputGrid().count() / outputs;
    if (pixels == 0
        || stage.bias().kind() == Stage.BiasChoice.Kind.NONE
        || stage.bias().aim() == Aim.NONE) {
      return Optional.empty();
    }
    return Optional.of(unbiased.products(random.nextInt(pixels)));
  }
}
