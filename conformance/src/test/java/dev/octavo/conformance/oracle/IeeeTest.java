package dev.octavo.conformance.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The oracles' own arithmetic against the processor's: two implementations of one standard that
 * share nothing.
 */
class IeeeTest {
  /** Operands next to which rounding, overflow, underflow and signs of zero go wrong. */
  private static final int[] SPECIAL = {
    0,
    1,
    2,
    0x007fffff,
    0x00800000,
    0x3f7fffff,
    0x3f800000,
    0x3f800001,
    0x4b000000,
    0x4b800000,
    0x7f7fffff,
    0x7f800000,
    0x7fc00000
  };

  @Property(tries = 20_000, edgeCases = EdgeCasesMode.NONE)
  void binary32OperationsRoundAsIeee754Says(
      @ForAll int aBits, @ForAll int bBits, @ForAll byte kind) {
    float a = operand(aBits, kind & 15);
    float b = operand(bBits, kind >> 4 & 15);
    same(a * b, Ieee.multiply(a, b), a, b);
    same(a + b, Ieee.add(a, b), a, b);
    same(a - b, Ieee.subtract(a, b), a, b);
    same(a / b, Ieee.divide(a, b), a, b);
    // Near cancellation and near ties: the same operand with its low bits changed.
    float near = Float.intBitsToFloat(Float.floatToRawIntBits(a) ^ (bBits & 0x80000fff));
    same(a + near, Ieee.add(a, near), a, near);
    same(a / near, Ieee.divide(a, near), a, near);
    same((float) aBits, Ieee.fromInt(aBits), aBits, 0);
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void binary64ProductsRoundAsIeee754Says(@ForAll int a, @ForAll long bBits) {
    double b = Double.longBitsToDouble(bBits);
    if (Double.isFinite(b)) {
      assertEquals(
          a * b + 0.0,
          Nearest.binary64(Dyadic.of(a).times(Dyadic.of(b))) + 0.0,
          () -> a + " · " + b);
    }
  }

  private static float operand(int bits, int kind) {
    return Float.intBitsToFloat(kind < SPECIAL.length ? SPECIAL[kind] | bits & 0x80000000 : bits);
  }

  private static void same(float expected, float actual, float a, float b) {
    assertEquals(
        Float.floatToIntBits(expected), Float.floatToIntBits(actual), () -> a + " and " + b);
  }
}
