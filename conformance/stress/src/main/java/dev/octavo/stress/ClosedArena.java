package dev.octavo.stress;

import dev.octavo.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * One thread runs a kernel, the other closes the arena of the kernel and its input. Whoever comes
 * too early or too late gets an exception; in the end nobody can run any more.
 */
@JCStressTest
@Outcome(
    id = "right, closed, refused",
    expect = Expect.ACCEPTABLE,
    desc = "First run, then closed.")
@Outcome(id = "refused, closed, refused", expect = Expect.ACCEPTABLE, desc = "First closed.")
@Outcome(
    id = "right, refused, refused",
    expect = Expect.ACCEPTABLE_INTERESTING,
    desc = "Closing was refused while a native kernel ran.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Wrong bits, or no exception.")
@State
public class ClosedArena {
  private final Arena arena = Arena.ofShared();
  private final Kernel kernel = Product.prepare(Product.backend(), arena);
  private final MemorySegment lhs = Product.lhs(arena);

  @Actor
  public void run(LLL_Result result) {
    result.r1 = attempt();
  }

  @Actor
  public void close(LLL_Result result) {
    result.r2 = closed();
  }

  @Arbiter
  public void afterwards(LLL_Result result) {
    closed();
    result.r3 = attempt();
  }

  private String attempt() {
    try {
      return Product.isRight(kernel, lhs, Product.ROWS) ? "right" : "wrong";
    } catch (IllegalStateException e) {
      return "refused";
    }
  }

  private String closed() {
    try {
      arena.close();
      return "closed";
    } catch (IllegalStateException e) {
      return "refused";
    }
  }
}
