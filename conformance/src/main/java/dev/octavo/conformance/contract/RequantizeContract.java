package dev.octavo.conformance.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backend;
import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.RequantizeSpec;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Host;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Trial;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.ElementwiseDraft;
import dev.octavo.conformance.problems.Stage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Requantization by itself: the oracle's bits, and order. */
public interface RequantizeContract extends Contract {
  /** The main promise, on accumulators next to rounding ties and at the ends of their range. */
  @Property(tries = 3000)
  default void everyBackendGivesTheOraclesBits(
      @ForAll("requantizations") ElementwiseDraft draft,
      @ForAll("circumstances") Circumstances circumstances) {
    Trial.run(draft.problem(), circumstances, backends());
  }

  /** A larger accumulator never gives a smaller output, and no output leaves the clamp. */
  @Property(tries = 200)
  default void outputsAreMonotoneWithinTheClamp(@ForAll("stages") Stage stage, @ForAll int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Output.Requantized output = stage.requantized(1, random);
    if (output.multipliers() instanceof Multipliers.FixedPoint m && m.shift(0) > 0) {
      return; // a left shift wraps modulo 2^32, so there is no order to keep
    }
    RequantizeSpec spec = new RequantizeSpec(1, ElementType.S32, 0, Bias.none(), output);
    int[] acc = random.ints(500).map(a -> a >> random.nextInt(32)).sorted().toArray();
    byte[] input = MemorySegment.ofArray(acc).toArray(ValueLayout.JAVA_BYTE);
    Problem problem = new Problem(spec, spec.elements(1, acc.length), input);
    for (Backend backend : Host.able(backends(), spec)) {
      byte[] bytes = Host.run(backend, problem);
      int[] q = new int[bytes.length];
      Arrays.setAll(
          q, i -> output.type() == ElementType.U8 ? Byte.toUnsignedInt(bytes[i]) : bytes[i]);
      for (int i = 0; i < q.length; i++) {
        int at = i;
        assertTrue(
            q[i] >= output.min() && q[i] <= output.max(),
            () -> backend + ": " + acc[at] + " gives " + q[at] + ", outside the clamp of " + spec);
        assertTrue(
            i == 0 || q[i - 1] <= q[i],
            () ->
                backend
                    + ": "
                    + acc[at - 1]
                    + " gives "
                    + q[at - 1]
                    + " but "
                    + acc[at]
                    + " gives "
                    + q[at]
                    + ", "
                    + spec);
      }
    }
  }

  @Provide
  default Arbitrary<ElementwiseDraft> requantizations() {
    return Drafts.requantizations();
  }

  @Provide
  default Arbitrary<Stage> stages() {
    return Drafts.stages(Stage.Kind.REQUANTIZED);
  }

  @Provide
  default Arbitrary<Circumstances> circumstances() {
    return Drafts.circumstances();
  }
}
