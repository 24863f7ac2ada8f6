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
  /** Input channels that are packed at a time, so that what is written stays in the cache. */
  private static final int PIECE = 256;

  /** Panels, as the layout says. */
  final Panels panels;

  /** bias[n] − zl·column[n], or the bias alone where zl comes at run time. */
  final int[] base;

  /** column[n], where zl comes at run time; otherwise null. */
  final int[] column;

  /** zr[n]; null if all are 0. */
  final int[] zero;

  /** Columns of one group, padding included. */
  final int groupColumns;

  private Packed(Panels panels, int[] base, int[] column, int[] zero, int groupColumns) {
    this.panels = panels;
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
    Panels panels = pack(weights, s.n(), 1, 1, s.k(), layout);
    return of(
        panels,
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
    Panels panels = pack(weights, s.outChannels(), height, width, s.groupInChannels(), layout);
    return of(
        panels,
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
      Panels panels,
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
    int[] sums = sums(panels, columns, k, nr);
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
    return new Packed(panels, base, column, anyZero ? zero : null, groupColumns);
  }

  /** The column of an output channel. */
  static int column(int channel, int groupSize, int groupColumns) {
    return channel / groupSize * groupColumns + channel % groupSize;
  }

  private static Panels pack(
      Weights weights, int n, int height, int width, int in, PackedLayout layout) {
    int group = layout.groupSize();
    int perGroup = Math.ceilDiv(group, layout.nr());
    Panels panels = new Panels(layout, Math.ceilDiv(n, group) * perGroup);
    if (in == 0) {
      return panels; // there are no weights, whatever their strides and extents say
    }
    byte[] piece = new byte[Math.min(in, PIECE)];
    for (int panel = 0; n > 0 && panel < Math.ceilDiv(n, group) * perGroup; panel++) {
      int first = panel / perGroup * group + panel % perGroup * layout.nr();
      int count = Math.min(layout.nr(), group - panel % perGroup * layout.nr());
      byte[] to = panels.array(panel);
      int at = panels.offset(panel);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          for (int i = 0; i < in; i += PIECE) {
            int depth = Math.min(PIECE, in - i);
            for (int j = 0; j < count; j++) {
              load(weights, first + j, h, w, i, piece, depth);
              scatter(piece, depth, layout, to, at + j);
            }
            at += depth * layout.nr();
          }
        }
      }
    }
    return panels;
  }

  /** piece = weights of one output channel and one tap, from input channel i on. */
  private static void load(Weights weights, int o, int h, int w, int i, byte[] piece, int depth) {
    MemorySegment data = weights.data();
    if (weights.inStride() == 1) {
      MemorySegment.copy(data, JAVA_BYTE, weights.offset(o, h, w, i), piece, 0, depth);
    } else {
      for (int p = 0; p < depth; p++) {
        piece[p] = data.get(JAVA_BYTE, weights.offset(o, h, w, i + p));
      }
    }
  }

  private static void scatter(byte[] piece, int depth, PackedLayout layout, byte[] to, int at) {
    int nr = layout.nr();
    int flip = layout.flip();
    for (int p = 0; p < depth; p++) {
      to[at + p * nr] = (byte) (piece[p] ^ flip);
    }
  }

  private static int[] sums(Panels panels, int columns, int k, int nr) {
    int[] sums = new int[columns];
    for (int panel = 0; panel * nr < columns; panel++) {
      byte[] bytes = panels.array(panel);
      int at = panels.offset(panel);
      for (int p = 0; p < k; p++) {
        for (int j = 0; j < nr; j++) {
          sums[panel * nr + j] += bytes[at + p * nr + j];
        }
      }
    }
    return sums;
  }
}
