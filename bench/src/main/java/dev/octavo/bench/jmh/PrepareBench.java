package dev.octavo.bench.jmh;

import dev.octavo.Backend;
import dev.octavo.Kernel;
import dev.octavo.Weights;
import dev.octavo.bench.measure.Expected;
import dev.octavo.bench.measure.Reference;
import dev.octavo.bench.measure.Synthetic;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.Variant;
import java.lang.foreign.Arena;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Packing the weights of a product: what loading a model costs. */
public class PrepareBench extends BackendBench {

  /** A product, in the grammar of {@code octavo time}. */
  @Param("1,768,768")
  public String shape;

  private final Arena arena = Arena.ofAuto();
  private Backend chosen;
  private Task.Int8 task;
  private double bytes;

  @Setup
  public void prepare() {
    Gemm problem = (Gemm) ShapeGrammar.gemms(shape).getFirst().problem();
    Task.Int8 given = (Task.Int8) Synthetic.task(problem, Variant.U8S8U8);
    chosen = backend();
    task =
        new Task.Int8(
            problem,
            given.spec(),
            Weights.rowsOfK(residence().copy(given.weights().data(), arena), problem.k())
                .withBias(given.weights().bias()),
            given.input(),
            null);
    Arena own = Arena.ofShared();
    try (Subject subject =
        new Subject(
            chosen,
            task.spec(),
            task.weights(),
            task.shape(),
            task.input(),
            Residence.NATIVE.room(problem.outputElements(), 1, own),
            own)) {
      subject.verify(output -> ((Expected.Bits) Reference.of(task)).compare(output));
    }
    bytes = 2.0 * problem.weights();
  }

  /** In an arena of its own, closed at once. */
  @Benchmark
  public Kernel pack(Rates rates) {
    rates.add(0, bytes);
    try (Arena own = Arena.ofConfined()) {
      return chosen.prepare(task.spec(), task.weights(), own);
    }
  }
}
