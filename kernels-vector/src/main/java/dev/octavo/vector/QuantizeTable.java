package dev.octavo.vector;

import dev.octavo.QuantizeRule;
import dev.octavo.Scales;
import dev.octavo.ZeroPoints;

/** Scales and zero points of channels, as {@link Quantizer} wants them. */
final class QuantizeTable {
  /** s[c]. */
  final float[] scales;

  /** s[c], or 1 / s[c] where the rule multiplies. */
  final float[] factors;

  /** z[c]. */
  final int[] zeros;

  QuantizeTable(Scales scales, ZeroPoints zeroPoints, QuantizeRule rule, Channels channels) {
    boolean divides =
        rule == QuantizeRule.DIVIDE_HALF_EVEN || rule == QuantizeRule.DIVIDE_HALF_AWAY;
    this.scales = Tables.floats(channels, scales::at);
    this.factors = divides ? this.scales : Tables.floats(channels, c -> 1f / scales.at(c));
    this.zeros = Tables.ints(channels, zeroPoints::at);
  }

  /** Room for the parameters of one channel, known at run time. */
  QuantizeTable() {
    this.scales = new float[Channels.VECTOR];
    this.factors = scales;
    this.zeros = new int[Channels.VECTOR];
  }
}
