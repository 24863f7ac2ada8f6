package dev.octavo.conformance.thirdparty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backend;
import dev.octavo.Multipliers;
import dev.octavo.Norm;
import dev.octavo.Output;
import dev.octavo.Recipe;
import dev.octavo.Shape;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.contract.GemmContract;
import dev.octavo.conformance.problems.GemmDraft;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Example;

/**
 * A suite that cannot fail proves nothing. Each of these backends is wrong in one place, as real
 * ones have been, and the GEMM contract must say so.
 */
class WrongBackendsTest {
  /** Problems within which a mistake must be found: what one property of the contract tries. */
  private static final int TRIES = 3000;

  @Example
  void tiesRoundedUp() {
    caught(
        new GrocerBackend("wrong-ties-up") {
          @Override
          int requantize(Output.Requantized r, int acc, float floatBias, int channel) {
            if (r.recipe() != Recipe.FLOAT32_NEAREST_EVEN) {
              return super.requantize(r, acc, floatBias, channel);
            }
            float t = acc * ((Multipliers.Float32) r.multipliers()).at(channel);
            return (int) Math.clamp(Math.floor(t + 0.5) + r.zeroPoint(), r.min(), r.max());
          }
        });
  }

  @Example
  void zeroPointAddedBeforeRounding() {
    caught(
        new GrocerBackend("wrong-zero-point-early") {
          @Override
          int requantize(Output.Requantized r, int acc, float floatBias, int channel) {
            return r.recipe() != Recipe.FLOAT32_NEAREST_EVEN
                ? super.requantize(r, acc, floatBias, channel)
                : Norm.float32ZeroPointFirst(
                    acc,
                    ((Multipliers.Float32) r.multipliers()).at(channel),
                    r.zeroPoint(),
                    r.min(),
                    r.max());
          }
        });
  }

  @Example
  void oneRoundingForTwo() {
    caught(
        new GrocerBackend("wrong-one-rounding") {
          @Override
          int requantize(Output.Requantized r, int acc, float floatBias, int channel) {
            return r.recipe() == Recipe.FIXED_POINT_DOUBLE_ROUNDING
                    && r.multipliers() instanceof Multipliers.FixedPoint m
                ? Norm.fixedPointSingleRounding(
                    acc, m.mantissa(channel), m.shift(channel), r.zeroPoint(), r.min(), r.max())
                : super.requantize(r, acc, floatBias, channel);
          }
        });
  }

  @Example
  void accumulatorsKeptInDoubles() {
    caught(
        new GrocerBackend("wrong-doubles") {
          @Override
          int requantize(Output.Requantized r, int acc, float floatBias, int channel) {
            return r.recipe() == Recipe.FLOAT32_NEAREST_EVEN
                ? (int)
                    Math.clamp(
                        Math.rint(
                                (double) acc * ((Multipliers.Float32) r.multipliers()).at(channel))
                            + r.zeroPoint(),
                        r.min(),
                        r.max())
                : super.requantize(r, acc, floatBias, channel);
          }
        });
  }

  @Example
  void multiplierOfTheFirstChannelForAll() {
    caught(
        new GrocerBackend("wrong-first-channel") {
          @Override
          int requantize(Output.Requantized r, int acc, float floatBias, int channel) {
            return super.requantize(r, acc, floatBias, 0);
          }
        });
  }

  @Example
  void sumsThatSaturate() {
    caught(
        new GrocerBackend("wrong-saturating") {
          @Override
          int accumulate(int sum, int lhs, int rhs) {
            return Math.clamp((long) sum + lhs * rhs, Integer.MIN_VALUE, Integer.MAX_VALUE);
          }
        });
  }

  /** As vpmaddubsw does to pairs; here to single products, which is harder to notice. */
  @Example
  void productsThatSaturateAtSixteenBits() {
    caught(
        new GrocerBackend("wrong-sixteen-bits") {
          @Override
          int accumulate(int sum, int lhs, int rhs) {
            return sum + Math.clamp(lhs * rhs, Short.MIN_VALUE, Short.MAX_VALUE);
          }
        });
  }

  @Example
  void sumsInFloat32() {
    caught(
        new GrocerBackend("wrong-float-sums") {
          @Override
          int accumulate(int sum, int lhs, int rhs) {
            return (int) ((float) sum + (float) (lhs * rhs));
          }
        });
  }

  @Example
  void rowsOfTheOutputPackedTogether() {
    caught(
        new GrocerBackend("wrong-packed-rows") {
          @Override
          long dstOffset(Shape.Rows rows, long m, int n, int element) {
            return m * (rows.dstStride() == 0 ? 0 : rows.dstStride() - rows.dstStride() % 2)
                + (long) n * element;
          }
        });
  }

  private static void caught(Backend wrong) {
    GemmContract contract =
        new GemmContract() {
          @Override
          public List<Backend> backends() {
            return List.of(wrong);
          }
        };
    Iterator<GemmDraft> drafts = contract.gemms().sampleStream().iterator();
    Iterator<Circumstances> circumstances = contract.circumstances().sampleStream().iterator();
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        contract.everyBackendGivesTheOraclesBits(drafts.next(), circumstances.next());
      } catch (AssertionError diagnosis) {
        assertTrue(
            diagnosis.getMessage().startsWith("wrong: " + wrong.id()), diagnosis.getMessage());
        return;
      }
    }
    throw new AssertionError("nobody noticed " + wrong + " in " + TRIES + " problems");
  }
}
