package dev.octavo.bench.jmh;

import dev.octavo.Backend;
import dev.octavo.Backends;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What all suites share: whole calls of one backend, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public abstract class BackendBench {

  /** Id of a backend. */
  @Param("scalar")
  public String backend;

  /** Where input and output live: {@code heap} or {@code native}. */
  @Param({"native", "heap"})
  public String residency;

  final Backend backend() {
    return Backends.named(backend);
  }

  final Residence residence() {
    return Residence.parse(residency);
  }
}
