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
 *   its input lines, padded, each channel as often as it has outputs      {@link Planes}
 *   acc = base + Σ_tap lines · filter                                     {@link Depthwise}
 *   store acc by way of the {@link OutputStage}
 * </pre>
 */
final class DepthwiseKernel extends Kernel implements Rows {
  /** Output channels of a block; a multiple of this many is the most a multiplier may be. */
  static final int MAX_CHANNELS = 1024;

  /** From this many channels on it costs less to store pixels one by one. */
  private static final int CONFLICT = 256;

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
    int pitch = pitch(channels);
    filters[block] = new float[spec.k() * pitch + Channels.VECTOR];
    bases[block] = new int[roundUp(channels)];
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

  /**
   * Ints from one pixel of acc to the next. A block of channels is written through all pixels,
   * which at a distance of some powers of two would fall into very few sets of the cache.
   */
  private int pitch(int channels) {
    int pitch = roundUp(channels);
    return pitch >= CONFLICT && pitch % (CONFLICT / 2) == 0 ? pitch + Channels.VECTOR : pitch;
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
    int zero = LhsValues.zeroPoint(spec.lhs(), lhs, 0);
    for (long s = first; s < last; s++) {
      int block = (int) (s % blocks);
      int y = (int) (s / blocks % perImage) * lines;
      long batch = s / blocks / perImage;
      w.channel = block * blockChannels;
      w.channels = Math.min(blockChannels, spec.outChannels() - w.channel);
      w.column = w.channel;
      w.pitch = pitch(w.channels);
      int count = Math.min(lines, outHeight - y);
      gather(image, input, batch, y, count, zero, w);
      long row = (batch * outHeight + y) * w.outWidth;
      int most = count > 1 ? w.outWidth : Math.min(Workspace.MAX_ACC / w.pitch, Workspace.MAX_LINE);
      for (int x = 0; x < w.outWidth; x += most) {
        int across = Math.min(most, w.outWidth - x);
        multiply(w, block, x, (count - 1) * w.planes.width + across);
        if (packed.column != null) {
          addZeroPointTerms(Packed.shift(spec.lhsType()) - zero, w);
        }
        stage.apply(w, spec.lhs(), lhs);
        for (int i = 0; i < count; i++) {
          w.row = row + (long) i * w.outWidth + x;
          w.rows = across;
          w.accRow = i * w.planes.width;
          stage.store(this, image, output, w);
        }
      }
    }
    w.accRow = 0;
    width.pool.giveBack(w);
  }

  /** acc of so many pixels of a strip, from x on. */
  private void multiply(Workspace w, int block, int x, int pixels) {
    int[] offsets = w.tapOffsets(spec.k());
    int tap = 0;
    for (int h = 0; h < window.kernelHeight(); h++) {
      for (int v = 0; v < window.kernelWidth(); v++) {
        offsets[tap++] =
            w.planes.at(h * window.dilationHeight(), v * window.dilationWidth())
                + x * width.lanes.count();
      }
    }
    w.rows = pixels;
    width.depthwise.strip(
        w.blocks, w.planes.block, offsets, filters[block], bases[block], w.acc, pixels, w.pitch);
  }

  private void addZeroPointTerms(int factor, Workspace w) {
    for (int r = 0; r < w.rows; r++) {
      width.lanes.addProduct(factor, packed.column, w.column, w.acc, r * w.pitch, w.pitch);
    }
  }

  /** Input lines for output lines [y, y + count) of an image. */
  private void gather(
      Shape.Image image, MemorySegment input, long batch, int y, int count, int zero, Workspace w) {
    int lines =
        (count - 1) * window.strideHeight()
            + (window.kernelHeight() - 1) * window.dilationHeight()
            + 1;
    int columns = columns(image);
    int channels = w.channels / multiplier;
    int lanes = width.lanes.count();
    w.planes.measure(window, lanes, lines, columns);
    w.reserveStage((long) columns * channels);
    w.reserveBlocks((long) roundUp(w.channels) / lanes * w.planes.block);
    w.span.x = -window.padLeft();
    w.span.columns = columns;
    w.span.channel = w.channel / multiplier;
    w.span.channels = channels;
    int top = y * window.strideHeight() - window.padTop();
    for (int i = 0; i < lines; i++) {
      images.line(image, input, batch, top + i, zero, w, 0);
      if (multiplier == 1) {
        spread(w, i, columns);
      } else {
        multiply(w, i, columns);
      }
    }
  }

  /** Line i from the stage to its place in all blocks. */
  private void spread(Workspace w, int i, int columns) {
    int stride = window.strideWidth();
    int lanes = width.lanes.count();
    for (int c = 0; c < w.channels; c += lanes) {
      for (int x = 0; x < Math.min(stride, columns); x++) {
        int to = c / lanes * w.planes.block + w.planes.at(i, x);
        int from = x * w.channels + c;
        int n = Math.ceilDiv(columns - x, stride);
        width.lanes.spread(w.stage, from, stride * w.channels, flip, w.blocks, to, n);
      }
    }
  }

  /** The same, each channel as often as it has outputs. */
  private void multiply(Workspace w, int i, int columns) {
    int channels = w.channels / multiplier;
    int lanes = width.lanes.count();
    for (int x = 0; x < columns; x++) {
      int at = w.planes.at(i, x);
      for (int c = 0; c < w.channels; c++) {
        int to = c / lanes * w.planes.block + at + c % lanes;
        w.blocks[to] = (byte) (w.stage[x * channels + c / multiplier] ^ flip);
      }
    }
  }

  /** Columns of a padded input line. */
  private int columns(Shape.Image image) {
    return (images.outWidth(image) - 1) * window.strideWidth()
        + (window.kernelWidth() - 1) * window.dilationWidth()
        + 1;
  }

  /** Lines of a strip: as many as acc has room for; one, if for none. */
  private int stripLines(Shape.Image image) {
    int pitch = pitch(Math.min(blockChannels, spec.outChannels()));
    long line = (long) Planes.width(window, width.lanes.count(), columns(image)) * pitch;
    return Math.clamp(Workspace.MAX_ACC / Math.max(line, 1), 1, 16);
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
