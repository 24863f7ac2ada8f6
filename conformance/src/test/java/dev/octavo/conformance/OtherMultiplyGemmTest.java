package dev.octavo.conformance;

import dev.octavo.Backend;
import dev.octavo.conformance.contract.GemmContract;
import dev.octavo.conformance.problems.GemmDraft;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class OtherMultiplyGemmTest implements GemmContract {
  @Override
  public List<Backend> backends() {
    return OtherMultiply.BACKENDS;
  }

  /** A third as often as elsewhere: all but the multiply has been tried there. */
  @Override
  @Property(tries = 1000)
  public void everyBackendGivesTheOraclesBits(
      @ForAll("gemms") GemmDraft draft, @ForAll("circumstances") Circumstances circumstances) {
    GemmContract.super.everyBackendGivesTheOraclesBits(draft, circumstances);
  }
}
