package dev.octavo.stress;

import dev.octavo.Kernel;
import java.lang.foreign.Arena;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads run one kernel that nobody ran before, on shapes that it does not know yet. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Both are right.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A thread got wrong bits.")
@State
public class SharedKernel {
  private final Kernel kernel = Product.prepare(Product.backend(), Arena.ofAuto());

  @Actor
  public void few(ZZ_Result result) {
    result.r1 = Product.isRight(kernel, 2);
  }

  @Actor
  public void all(ZZ_Result result) {
    result.r2 = Product.isRight(kernel, Product.ROWS);
  }
}
