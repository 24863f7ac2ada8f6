package dev.octavo.bench.measure;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.Weights;
import dev.octavo.ZeroPoints;
import dev.octavo.bench.measure.Task.Float32;
import dev.octavo.bench.measure.Task.Int8;
import dev.octavo.bench.problem.Conv;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * The check that BLIS uses, in exact arithmetic. If {@code acc = lhs·rhsᵀ} then for any vector
 * {@code p} of output channels {@code acc·p = lhs·(rhsᵀ·p)}, and the right side has one output
 * channel instead of all: {@code m·n + n·k + m·k} steps instead of {@code m·n·k}.
 *
 * <p>Modulo 2^32 with odd {@code p}, a single wrong sum in a row can never pass, because an odd
 * number has an inverse; several pass with a probability of about 2^−32.
 */
final class Probe {

  private Probe() {}

  /** Whether {@code acc}, bias included, is what the task's operands add up to. */
  static boolean proves(Int8 task, int[] acc) {
    Lines lines = new Lines(task.problem());
    int channels = lines.conv().outChannels();
    int[] p = new SplittableRandom(channels).ints(channels).map(i -> i | 1).toArray();
    int[] filter = filter(task, lines, p);
    int bias = 0;
    if (task.weights().bias() instanceof Bias.Int32 b) {
      for (int o = 0; o < channels; o++) {
        bias += b.at(o) * p[o];
      }
    }
    byte[] input = task.input().toArray(ValueLayout.JAVA_BYTE);
    int flip = task.spec().inputType() == ElementType.U8 ? 0xFF : -1;
    int[] sum = new int[1];
    for (int row = 0; row < lines.rows(); row++) {
      int zero = Epilogue.lhsZeroPoint(task, row);
      sum[0] = bias;
      lines.forEachPiece(
          row,
          (at, tap, count) -> {
            int s = 0;
            for (int i = 0; i < count; i++) {
              s += ((input[at + i] & flip) - zero) * filter[tap + i];
            }
            sum[0] += s;
          });
      int difference = sum[0];
      for (int o = 0; o < channels; o++) {
        difference -= acc[row * channels + o] * p[o];
      }
      if (difference != 0) {
        return false;
      }
    }
    return true;
  }

  /** {@code Σ_o p[o]·(filter[o] − zr[o])}: one filter in place of all. */
  private static int[] filter(Int8 task, Lines lines, int[] p) {
    Conv c = lines.conv();
    Weights w = task.weights();
    MemorySegment data = w.data();
    boolean unsigned = task.product().rhsType() == ElementType.U8;
    ZeroPoints zeroPoints = task.product().rhsZeroPoints();
    int[] filter = new int[lines.filterElements()];
    for (int o = 0; o < c.outChannels(); o++) {
      int zero = zeroPoints.at(o);
      for (int r = 0; r < c.window().kernelHeight(); r++) {
        for (int s = 0; s < c.window().kernelWidth(); s++) {
          int to = lines.filterIndex(o, r, s, 0);
          for (int i = 0; i < c.groupChannels(); i++) {
            filter[to + i] += (Exact.number(data, w.offset(o, r, s, i), unsigned) - zero) * p[o];
          }
        }
      }
    }
    return filter;
  }

  /** The same idea in float64 for a float32 task, with signs for {@code p}. */
  static Expected.Sums sums(Float32 task) {
    Lines lines = new Lines(task.problem());
    Conv c = lines.conv();
    double[] filter = new double[lines.filterElements()];
    int from = 0;
    for (int o = 0; o < c.outChannels(); o++) {
      int sign = Expected.Sums.sign(o);
      for (int r = 0; r < c.window().kernelHeight(); r++) {
        for (int s = 0; s < c.window().kernelWidth(); s++) {
          int to = lines.filterIndex(o, r, s, 0);
          for (int i = 0; i < c.groupChannels(); i++) {
            filter[to + i] += sign * (double) task.weights()[from++];
          }
        }
      }
    }
    double[] rows = new double[lines.rows()];
    for (int row = 0; row < rows.length; row++) {
      int at = row;
      lines.forEachPiece(
          row,
          (input, tap, count) -> {
            for (int i = 0; i < count; i++) {
              rows[at] += task.input()[input + i] * filter[tap + i];
            }
          });
    }
    // Operands are at most 1: k rounded additions are off by at most k·k/2 units in 2⁻²⁴, and in
    // practice by about k; the signs make the errors of the channels cancel rather than add up.
    double tolerance = 0x1p-24 * c.depth() * Math.sqrt(c.depth()) * Math.sqrt(c.outChannels());
    return new Expected.Sums(rows, Math.max(tolerance, 1e-4));
  }
}
