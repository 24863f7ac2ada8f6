package dev.octavo.conformance.contract;

import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Trial;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.ElementwiseDraft;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Between float32 and integers: quantize, dequantize, dynamic quantize, fake quantize. */
public interface ElementwiseContract extends Contract {
  /** The main promise, NaNs and infinities included. */
  @Property(tries = 3000)
  default void everyBackendGivesTheOraclesBits(
      @ForAll("conversions") ElementwiseDraft draft,
      @ForAll("circumstances") Circumstances circumstances) {
    Trial.run(draft.problem(), circumstances, backends());
  }

  @Provide
  default Arbitrary<ElementwiseDraft> conversions() {
    return Drafts.conversions();
  }

  @Provide
  default Arbitrary<Circumstances> circumstances() {
    return Drafts.circumstances();
  }
}
