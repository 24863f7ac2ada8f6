package dev.octavo.stress;

import dev.octavo.Backend;
import dev.octavo.Kernel;
import java.lang.foreign.Arena;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** One thread prepares a kernel and puts it into a plain field, the other runs what it finds. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "There was none yet.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It was there, and whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It was there, and not whole.")
@State
public class RacedKernel {
  private final Backend backend = Product.backend();
  private Kernel kernel;

  @Actor
  public void prepare() {
    kernel = Product.prepare(backend, Arena.ofAuto());
  }

  @Actor
  public void run(I_Result result) {
    for (int patience = 0; patience < 2_000; patience++) {
      Kernel found = kernel;
      if (found != null) {
        result.r1 = Product.isRight(found, Product.ROWS) ? 1 : -1;
        return;
      }
      Thread.onSpinWait();
    }
  }
}
