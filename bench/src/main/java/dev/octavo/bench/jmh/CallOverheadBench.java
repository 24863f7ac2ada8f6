package dev.octavo.bench.jmh;

import dev.octavo.bench.measure.Expected;
import dev.octavo.bench.measure.Reference;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.Variant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A call so small that what surrounds the arithmetic shows: checking the arguments, crossing into
 * native code. Time per whole call; with {@code -prof gc} also the bytes allocated in it, which
 * must be 0.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallOverheadBench extends BackendBench {

  /** A product, in the grammar of {@code octavo time}. */
  @Param("16,16,16")
  public String shape;

  private Subject subject;

  @Setup
  public void prepare() {
    Problem problem = ShapeGrammar.gemms(shape).getFirst().problem();
    Task.Int8 task = (Task.Int8) Synthetic.task(problem, Variant.U8S8S32);
    Arena arena = Arena.ofShared();
    subject =
        new Subject(
            backend(),
            task.spec(),
            task.weights(),
            task.shape(),
            residence().copy(task.input(), arena),
            residence().room(problem.outputElements(), 4, arena),
            arena);
    subject.verify(output -> ((Expected.Bits) Reference.of(task)).compare(output));
  }

  @TearDown
  public void close() {
    subject.close();
  }

  @Benchmark
  public MemorySegment call() {
    return subject.run();
  }
}
