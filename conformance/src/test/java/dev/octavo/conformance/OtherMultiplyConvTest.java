package dev.octavo.conformance;

import dev.octavo.Backend;
import dev.octavo.conformance.contract.ConvContract;
import dev.octavo.conformance.problems.ConvDraft;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class OtherMultiplyConvTest implements ConvContract {
  @Override
  public List<Backend> backends() {
    return OtherMultiply.BACKENDS;
  }

  /** A third as often as elsewhere: all but the multiply has been tried there. */
  @Override
  @Property(tries = 1000)
  public void everyBackendGivesTheOraclesBits(
      @ForAll("convs") ConvDraft draft, @ForAll("circumstances") Circumstances circumstances) {
    ConvContract.super.everyBackendGivesTheOraclesBits(draft, circumstances);
  }
}
