package dev.octavo.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.octavo.Bias;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.LhsQuantization;
import dev.octavo.PackedLayout;
import dev.octavo.Weights;
import dev.octavo.ZeroPoints;
import java.lang.foreign.MemorySegment;

/**
 * Weights in panels, and everything about them that does not depend on the input.
 *
 * <p>Both operands are treated as signed bytes; an unsigned one is shifted by 128, and its zero
 * point with it (written ′), which changes nothing in
 *
 * <pre>
 *   acc[m, n] = Σ_k (lhs − zl)(rhs − zr[n]) + bias[n]
 *             = Σ_k lhs · rhs  +  bias[n] − zl·column[n]  −  zr[n]·Σ_k lhs,    column[n] = Σ_k rhs − k·zr[n]
 *                                 └────── base[n] ──────┘
 * </pre>
 *
 * <p>Where zl is fixed, the middle term is base, known here; symmetric weights have no last term.
 * All of it is exact modulo 2<sup>32</sup>. Columns are numbered as they lie in the panels: each
 * group begins a new one, and columns that pad a panel are zero.
 */
final class Packed {
  /** Vectors that widen bytes read a little more than they use. */
  private static final int SLACK = 64;

  /** Panels, as the layout says. */
  final byte[] bytes;

  /** bias[n] − zl·column[n], or the bias alone where zl comes at run time. */
  final int[] base;

  /** column[n], where zl comes at run time; otherwise null. */
  final int[] column;

  /** zr[n]; null if all are 0. */
  final int[] zero;

  /** Columns of one group, padding included. */
  final int groupColumns;

  private Packed(byte[] bytes, int[] base, int[] column, int[] zero, int groupColumns) {
    this.bytes = bytes;
    this.base = base;
    this.column = column;
    this.zero = zero;
    this.groupColumns = groupColumns;
  }

  /** Panels of nr columns, depth by depth; each group of output channels has its own. */
  static PackedLayout layout(int channels, int groups, int k, int nr, ElementType rhs) {
    int group = Math.max(channels / groups, 1);
    int run = Math.max(k, 1);
    long panel = (long) run * nr;
    long stride = Math.ceilDiv(group, nr) * panel;
    return new PackedLayout(nr, 1, nr, group, run, run, 0, stride, panel, flip(rhs));
  }

  /** What turns a byte of this type into a signed one. */
  static int flip(ElementType type) {
    return type == ElementType.U8 ? 0x80 : 0;
  }

  /** By how much that lowers its value, and so its zero point. */
  static int shift(ElementType type) {
    return type == ElementType.U8 ? 128 : 0;
  }

  static Packed of(GemmSpec s, PackedLayout layout, Weights weights) {
    byte[] bytes = pack(weights, s.n(), 1, 1, s.k(), layout);
    return of(
        bytes,
        layout,
        s.n(),
        s.k(),
        weights.bias(),
        s.lhs(),
        s.lhsType(),
        s.rhsType(),
        s.rhsZeroPoints());
  }

  static Packed of(ConvSpec s, PackedLayout layout, Weights weights) {
    int height = s.window().kernelHeight();
    int width = s.window().kernelWidth();
    byte[] bytes = pack(weights, s.outChannels(), height, width, s.groupInChannels(), layout);
    return of(
        bytes,
        layout,
        s.outChannels(),
        s.k(),
        weights.bias(),
        s.lhs(),
        s.lhsType(),
        s.rhsType(),
        s.rhsZeroPoints());
  }

  private static Packed of(
      byte[] bytes,
      PackedLayout layout,
      int channels,
      int k,
      Bias bias,
      LhsQuantization lhs,
      ElementType lhsType,
      ElementType rhsType,
      ZeroPoints zeroPoints) {
    int nr = layout.nr();
    int groupColumns = Math.ceilDiv(layout.groupSize(), nr) * nr;
    int columns = Math.ceilDiv(channels, layout.groupSize()) * groupColumns;
    int[] sums = sums(bytes, columns, k, nr);
    int[] base = new int[columns];
    int[] zero = new int[columns];
    boolean anyZero = false;
    for (int n = 0; n < channels; n++) {
      int c = column(n, layout.groupSize(), groupColumns);
      zero[c] = zeroPoints.at(n) - shift(rhsType);
      anyZero |= zero[c] != 0;
      sums[c] -= k * zero[c];
      base[c] = bias instanceof Bias.Int32 b ? b.at(n) : 0;
      if (lhs instanceof LhsQuantization.Fixed fixed) {
        base[c] -= (fixed.zeroPoint() - shift(lhsType)) * sums[c];
      }
    }
    int[] column = lhs instanceof LhsQuantization.Fixed ? null : sums;
    return new Packed(bytes, base, column, anyZero ? zero : null, groupColumns);
  }

  /** The column of an output channel. */
  static int column(int channel, int groupSize, int groupColumns) {
    return channel / groupSize * groupColumns + channel % groupSize;
  }

  private static byte[] pack(
      Weights weights, int n, int height, int width, int in, PackedLayout layout) {
    int nr = layout.nr();
    int panels = Math.ceilDiv(n, layout.groupSize()) * Math.ceilDiv(layout.groupSize(), nr);
    byte[] bytes = new byte[Math.toIntExact(panels * layout.panelStride()) + SLACK];
    if (in == 0 || n == 0) {
      return bytes; // there are no weights, whatever their strides and extents say
    }
    byte[] filter = new byte[in];
    MemorySegment data = weights.data();
    for (int o = 0; o < n; o++) {
      int k = 0;
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          if (weights.inStride() == 1) {
            MemorySegment.copy(data, JAVA_BYTE, weights.offset(o, h, w, 0), filter, 0, in);
          } else {
            for (int i = 0; i < in; i++) {
              filter[i] = data.get(JAVA_BYTE, weights.offset(o, h, w, i));
            }
          }
          int to = (int) layout.offset(o, k);
          for (int i = 0; i < in; i++) {
            bytes[to + i * nr] = (byte) (filter[i] ^ layout.flip());
          }
          k += in;
        }
      }
    }
    return bytes;
  }

  private static int[] sums(byte[] bytes, int columns, int k, int nr) {
    int[] sums = new int[columns];
    for (int panel = 0; panel < columns; panel += nr) {
      for (int p = 0; p < k; p++) {
        for (int j = 0; j < nr; j++) {
          sums[panel + j] += bytes[panel * k + p * nr + j];
        }
      }
    }
    return sums;
  }

  MemorySegment segment() {
    return MemorySegment.ofArray(bytes).asReadOnly();
  }
}
