package dev.octavo.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.PackedLayout;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Packed weights: dense bytes, as they were given, in one of two orders. Rows have the k elements
 * of a filter next to each other, for sums along k; taps have the filters next to each other, for
 * the depthwise convolution, which walks along the channels.
 */
final class Filters {
  private final MemorySegment packed;
  private final PackedLayout layout;
  private final ElementType type;
  private final ZeroPoints zeroPoints;
  private final int[] bias;
  private final int k;

  private Filters(
      MemorySegment packed,
      PackedLayout layout,
      int k,
      ElementType type,
      ZeroPoints zeroPoints,
      int[] bias) {
    this.packed = packed.asReadOnly();
    this.layout = layout;
    this.type = type;
    this.zeroPoints = zeroPoints;
    this.bias = bias;
    this.k = k;
  }

  /** [n][k]: one-column panels, a GEMM's rhs row or a whole filter each. */
  static PackedLayout rowsLayout(int n, int k) {
    int group = Math.max(n, 1);
    int run = Math.max(k, 1);
    return new PackedLayout(1, 1, 1, group, run, run, 0, (long) group * run, run, 0);
  }

  /** [k][n]: each tap is a run of one element, padded to the distance of the next tap. */
  static PackedLayout tapsLayout(ConvSpec spec) {
    int n = spec.outChannels();
    return new PackedLayout(1, 1, 1, n, 1, n, 0, n, 1, 0);
  }

  static Filters of(GemmSpec spec, Weights weights, Arena arena) {
    PackedLayout layout = rowsLayout(spec.n(), spec.k());
    MemorySegment packed = pack(weights, spec.n(), 1, 1, spec.k(), layout, arena);
    return new Filters(
        packed, layout, spec.k(), spec.rhsType(), spec.rhsZeroPoints(), bias(weights, spec.n()));
  }

  static Filters of(ConvSpec spec, PackedLayout layout, Weights weights, Arena arena) {
    Window w = spec.window();
    int n = spec.outChannels();
    MemorySegment packed =
        pack(weights, n, w.kernelHeight(), w.kernelWidth(), spec.groupInChannels(), layout, arena);
    return new Filters(
        packed, layout, spec.k(), spec.rhsType(), spec.rhsZeroPoints(), bias(weights, n));
  }

  private static MemorySegment pack(
      Weights weights, int n, int height, int width, int in, PackedLayout layout, Arena arena) {
    MemorySegment packed = arena.allocate((long) n * height * width * in);
    for (int o = 0; o < n; o++) {
      int k = 0;
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          for (int i = 0; i < in; i++) {
            byte element = weights.data().get(JAVA_BYTE, weights.offset(o, h, w, i));
            packed.set(JAVA_BYTE, layout.offset(o, k++), element);
          }
        }
      }
    }
    return packed;
  }

  private static int[] bias(Weights weights, int n) {
    int[] bias = new int[n];
    if (weights.bias() instanceof Bias.Int32 b) {
      for (int c = 0; c < n; c++) {
        bias[c] = b.at(c);
      }
    }
    return bias;
  }

  /** The int32 bias of a channel, 0 if there is none. */
  int bias(int channel) {
    return bias[channel];
  }

  /** strip.filter[0][i] = rhs[n, i] − zr[n]; for rows. */
  void widenRow(int n, Strip strip) {
    Elements.read(packed, (long) n * k, 1, k, strip.bytes);
    Elements.widen(type, strip.bytes, k, zeroPoints.at(n), strip.filter[0], 0);
  }

  /** strip.filter[tap][c] = rhs[channel + c, tap] − zr[channel + c]; for taps. */
  void widenTaps(Strip strip) {
    for (int tap = 0; tap < k; tap++) {
      int[] filter = strip.filter[tap];
      Elements.read(packed, layout.offset(strip.channel, tap), 1, strip.channels, strip.bytes);
      Elements.widen(type, strip.bytes, strip.channels, 0, filter, 0);
      for (int c = 0; c < strip.channels; c++) {
        filter[c] -= zeroPoints.at(strip.channel + c);
      }
    }
  }

  MemorySegment packed() {
    return packed;
  }
}
