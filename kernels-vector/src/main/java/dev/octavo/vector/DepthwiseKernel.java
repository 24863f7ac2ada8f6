package dev.octavo.vector;

import dev.octavo.ConvSpec;
import dev.octavo.Kernel;
import dev.octavo.LhsParameters;
import dev.octavo.PackedLayout;
import dev.octavo.Plan;
import dev.octavo.Shape;
import dev.octavo.Weights;
import dev.octavo.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Depthwise convolution: every output channel has a filter of one input channel. A strip is some
 * lines of output by a block of channels:
 *
 * <pre>
 *   its input lines, padded, as floats, in blocks of channels, each channel as often as it has outputs
 *   for each output line
 *     acc = base + Σ_tap lines · filter      {@link Depthwise}
 *     store acc by way of the {@link OutputStage}
 * </pre>
 */
final class DepthwiseKernel extends Kernel implements Rows {
  /** Output channels of a block; a multiple of this many is the most a multiplier may be. */
  static final int MAX_CHANNELS = 1024;

  /** Output elements of a strip, about: enough that lines which two strips need do not matter. */
  private static final int STRIP = 1 << 15;

  private final ConvSpec spec;
  private final Window window;
  private final Images images;
  private final Width width;
  private final Packed packed;
  private final OutputStage stage;
  private final int flip;
  private final int multiplier;
  private final int blockChannels;
  private final int blocks;
  private final float[][] filters;
  private final int[][] bases;

  DepthwiseKernel(
      ConvSpec spec, Plan plan, PackedLayout layout, Weights weights, Arena arena, Width width) {
    super(spec, plan, arena);
    this.spec = spec;
    this.window = spec.window();
    this.images = new Images(spec);
    this.width = width;
    this.packed = Packed.of(spec, layout, weights);
    this.stage =
        new OutputStage(
            spec.output(),
            weights.bias(),
            new Channels.Columns(spec.outChannels(), spec.outChannels(), packed.groupColumns),
            width);
    this.flip = Packed.flip(spec.lhsType());
    this.multiplier = spec.groupOutChannels();
    this.blockChannels = Math.max(MAX_CHANNELS / multiplier, 1) * multiplier;
    this.blocks = Math.ceilDiv(spec.outChannels(), blockChannels);
    this.filters = new float[blocks][];
    this.bases = new int[blocks][];
    for (int b = 0; b < blocks; b++) {
      unpack(b, layout.nr());
    }
  }

  /** [tap][channel], zero points subtracted. */
  static PackedLayout layout(ConvSpec spec, int lanes) {
    int n = spec.outChannels();
    int columns = Math.ceilDiv(n, lanes) * lanes;
    int taps = spec.k();
    return new PackedLayout(
        columns,
        1,
        lanes,
        n,
        taps,
        taps,
        0,
        (long) taps * columns,
        (long) taps * columns,
        Packed.flip(spec.rhsType()));
  }

  private void unpack(int block, int columns) {
    int from = block * blockChannels;
    int channels = Math.min(blockChannels, spec.outChannels() - from);
    int pitch = roundUp(channels, width.lanes.count());
    filters[block] = new float[spec.k() * pitch + Channels.VECTOR];
    bases[block] = new int[pitch];
    System.arraycopy(packed.base, from, bases[block], 0, channels);
    byte[] weights = packed.panels.array(0); // the only one
    for (int tap = 0; tap < spec.k(); tap++) {
      for (int c = 0; c < channels; c++) {
        int zero = packed.zero == null ? 0 : packed.zero[from + c];
        filters[block][tap * pitch + c] = weights[tap * columns + from + c] - zero;
      }
    }
  }

  private static int roundUp(int value, int multiple) {
    return Math.ceilDiv(value, multiple) * multiple;
  }

  @Override
  protected void runStrips(
      Shape shape,
      MemorySegment input,
      MemorySegment output,
      LhsParameters lhs,
      MemorySegment scratch,
      long first,
      long last) {
    Shape.Image image = (Shape.Image) shape;
    Workspace w = width.pool.take();
    images.measure(image, w);
    int outHeight = w.outHeight;
    int lines = stripLines(image);
    int perImage = Math.ceilDiv(outHeight, lines);
    for (long s = first; s < last; s++) {
      int block = (int) (s % blocks);
      int y = (int) (s / blocks % perImage) * lines;
      long batch = s / blocks / perImage;
      w.channel = block * blockChannels;
      w.channels = Math.min(blockChannels, spec.outChannels() - w.channel);
      w.column = w.channel;
      w.pitch = roundUp(w.channels, width.lanes.count());
      int count = Math.min(lines, outHeight - y);
      int zero = LhsValues.zeroPoint(spec.lhs(), lhs, 0);
      gather(image, input, batch, y, count, zero, w);
      for (int i = 0; i < count; i++) {
        line(image, output, lhs, (batch * outHeight + y + i), i, zero, block, w);
      }
    }
    width.pool.giveBack(w);
  }

  /** Input lines for output lines [y, y + count) of an image, as floats. */
  private void gather(
      Shape.Image image, MemorySegment input, long batch, int y, int count, int zero, Workspace w) {
    int lines =
        (count - 1) * window.strideHeight()
            + (window.kernelHeight() - 1) * window.dilationHeight()
            + 1;
    int columns = columns(image);
    int channels = w.channels / multiplier;
    w.reserveStage((long) columns * channels);
    w.reserveLines((long) lines * lineFloats(image, w));
    w.span.x = -window.padLeft();
    w.span.columns = columns;
    w.span.channel = w.channel / multiplier;
    w.span.channels = channels;
    int top = y * window.strideHeight() - window.padTop();
    for (int i = 0; i < lines; i++) {
      images.line(image, input, batch, top + i, zero, w, 0);
      int to = i * lineFloats(image, w);
      if (multiplier == 1) {
        width.lanes.widenBlocks(
            w.stage, channels, flip, w.lines, to, columns, window.strideWidth());
      } else {
        multiply(image, w, to);
      }
    }
  }

  /** The same as widenBlocks, each channel as often as it has outputs. */
  private void multiply(Shape.Image image, Workspace w, int to) {
    int channels = w.channels / multiplier;
    int lanes = width.lanes.count();
    for (int x = 0; x < columns(image); x++) {
      int at = to + position(image, x) * lanes;
      for (int c = 0; c < w.channels; c++) {
        float value = (byte) (w.stage[x * channels + c / multiplier] ^ flip);
        w.lines[at + c / lanes * lanes * lineWidth(image) + c % lanes] = value;
      }
    }
  }

  /** Output line number {@code i} of the strip, as many pixels at a time as acc has room for. */
  private void line(
      Shape.Image image,
      MemorySegment output,
      LhsParameters lhs,
      long line,
      int i,
      int zero,
      int block,
      Workspace w) {
    int outWidth = w.outWidth;
    int most = Math.min(Workspace.MAX_ACC / w.pitch, Workspace.MAX_LINE);
    for (int x = 0; x < outWidth; x += most) {
      w.row = line * outWidth + x;
      w.rows = Math.min(most, outWidth - x);
      int at = i * window.strideHeight() * lineFloats(image, w) + x * width.lanes.count();
      width.depthwise.line(
          w.lines,
          offsets(image, w, at),
          lineWidth(image),
          filters[block],
          bases[block],
          w.acc,
          w.rows,
          w.pitch);
      if (packed.column != null) {
        int factor = Packed.shift(spec.lhsType()) - zero;
        for (int r = 0; r < w.rows; r++) {
          width.lanes.addProduct(factor, packed.column, w.column, w.acc, r * w.pitch, w.pitch);
        }
      }
      stage.apply(w, spec.lhs(), lhs);
      stage.store(this, image, output, w);
    }
  }

  private int[] offsets(Shape.Image image, Workspace w, int at) {
    int[] offsets = w.tapOffsets(spec.k());
    int line = window.dilationHeight() * lineFloats(image, w);
    int tap = 0;
    for (int h = 0; h < window.kernelHeight(); h++) {
      for (int v = 0; v < window.kernelWidth(); v++) {
        int position = position(image, v * window.dilationWidth());
        offsets[tap++] = at + h * line + position * width.lanes.count();
      }
    }
    return offsets;
  }

  /** Columns of a padded input line. */
  private int columns(Shape.Image image) {
    return (images.outWidth(image) - 1) * window.strideWidth()
        + (window.kernelWidth() - 1) * window.dilationWidth()
        + 1;
  }

  /** Pixels of a block of channels of a line; see {@link Lanes#widenBlocks}. */
  private int lineWidth(Shape.Image image) {
    return roundUp(columns(image), window.strideWidth());
  }

  private int lineFloats(Shape.Image image, Workspace w) {
    return lineWidth(image) * w.pitch;
  }

  /** Where a pixel is in its block: those that a tap meets are neighbours. */
  private int position(Shape.Image image, int x) {
    int stride = window.strideWidth();
    return x % stride * (lineWidth(image) / stride) + x / stride;
  }

  private int stripLines(Shape.Image image) {
    int channels = Math.min(blockChannels, spec.outChannels());
    return Math.clamp(STRIP / ((long) images.outWidth(image) * channels), 1, 16);
  }

  @Override
  protected long stripsFor(Shape shape) {
    Shape.Image image = (Shape.Image) shape;
    return image.batch() * Math.ceilDiv(images.outHeight(image), stripLines(image)) * blocks;
  }

  @Override
  protected long scratchBytesFor(Shape shape) {
    return 0;
  }

  @Override
  public MemorySegment packed() {
    return packed.panels.segment();
  }

  @Override
  public long dstOffset(Shape shape, Workspace w, int r) {
    return images.dstOffset((Shape.Image) shape, w, r);
  }

  @Override
  public long channelStride(Shape shape) {
    return ((Shape.Image) shape).output().c();
  }

  @Override
  public int neighbours(Workspace w, int r) {
    return images.neighbours(w, r);
  }
}
