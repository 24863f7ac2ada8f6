package dev.octavo.conformance.thirdparty;

import dev.octavo.Backend;
import dev.octavo.conformance.contract.BackendsContract;
import dev.octavo.conformance.contract.BadInputContract;
import dev.octavo.conformance.contract.GemmContract;
import dev.octavo.conformance.contract.KernelContract;
import java.util.List;

/** What another project writes to hold its own backend to the contract: this, and nothing more. */
class OutsideProviderTest
    implements GemmContract, KernelContract, BackendsContract, BadInputContract {
  @Override
  public List<Backend> backends() {
    return List.of(new GrocerBackend("grocer"));
  }
}
