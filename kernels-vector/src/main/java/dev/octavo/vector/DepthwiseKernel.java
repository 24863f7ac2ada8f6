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
 *   its input lines, padded, as floats, each channel as often as it has outputs
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
    int pitch = roundUp(channels);
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

  private int roundUp(int channels) {
    int lanes = width.lanes.count();
    return Math.ceilDiv(channels, lanes) * lanes;
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
      w.pitch = roundUp(w.channels);
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
    w.reserveLines((long) lines * columns * w.channels);
    w.span.x = -window.padLeft();
    w.span.columns = columns;
    w.span.channel = w.channel / multiplier;
    w.span.channels = channels;
    int top = y * window.strideHeight() - window.padTop();
    for (int i = 0; i < lines; i++) {
      images.line(image, input, batch, top + i, zero, w, 0);
      int to = i * columns * w.channels;
      if (multiplier == 1) {
        width.lanes.widen(w.stage, 0, flip, w.lines, to, columns * channels);
      } else {
        for (int j = 0; j < columns * channels; j++) {
          float value = (byte) (w.stage[j] ^ flip);
          for (int o = 0; o < multiplier; o++) {
            w.lines[to + j * multiplier + o] = value;
          }
        }
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
    int columns = columns(image);
    int step = window.strideWidth() * w.channels;
    int most = Math.min(Workspace.MAX_ACC / w.pitch, Workspace.MAX_LINE);
    for (int x = 0; x < outWidth; x += most) {
      w.row = line * outWidth + x;
      w.rows = Math.min(most, outWidth - x);
      int at = i * window.strideHeight() * columns * w.channels + x * step;
      width.depthwise.line(
          w.lines,
          offsets(w, at, columns),
          step,
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

  private int[] offsets(Workspace w, int at, int columns) {
    int[] offsets = w.tapOffsets(spec.k());
    int tap = 0;
    for (int h = 0; h < window.kernelHeight(); h++) {
      for (int v = 0; v < window.kernelWidth(); v++) {
        int pixel = h * window.dilationHeight() * columns + v * window.dilationWidth();
        offsets[tap++] = at + pixel * w.channels;
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
