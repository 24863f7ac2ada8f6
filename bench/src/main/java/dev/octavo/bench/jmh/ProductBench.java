package dev.octavo.bench.jmh;

import dev.octavo.bench.measure.Expected;
import dev.octavo.bench.measure.Reference;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.Variant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What the suites of products and convolutions share: one whole call, on one thread. */
public abstract class ProductBench extends BackendBench {

  /** Number formats, as {@code octavo time} writes them. */
  @Param({"u8s8s32", "s8s8s32", "u8s8u8"})
  public String variant;

  private Subject subject;
  private double operations;
  private double bytes;

  /** The problem that the suite's parameter {@code shape} poses. */
  abstract Problem problem();

  @Setup
  public void prepare() {
    Problem problem = problem();
    Task.Int8 task = (Task.Int8) Synthetic.task(problem, Variant.parse(variant));
    Arena arena = Arena.ofShared();
    subject =
        new Subject(
            backend(),
            task.spec(),
            task.weights(),
            task.shape(),
            residence().copy(task.input(), arena),
            residence().room(problem.outputElements(), task.spec().outputType().bytes(), arena),
            arena);
    subject.verify(output -> ((Expected.Bits) Reference.of(task)).compare(output));
    operations = problem.operations();
    bytes = problem.weights() + subject.operandBytes();
  }

  @TearDown
  public void close() {
    subject.close();
  }

  @Benchmark
  public MemorySegment run(Rates rates) {
    rates.add(operations, bytes);
    return subject.run();
  }
}
