package dev.octavo.bench.measure;

import dev.octavo.Availability;
import dev.octavo.bench.float32.Float32Baseline;
import dev.octavo.bench.float32.Float32Kernel;
import java.util.Optional;

/** A float32 baseline. */
public record Float32Contender(Float32Baseline baseline) implements Contender {

  @Override
  public String id() {
    return baseline.id();
  }

  @Override
  public Availability availability() {
    return baseline
        .unusableBecause()
        .<Availability>map(Availability.Unusable::new)
        .orElse(Availability.USABLE);
  }

  @Override
  public boolean isFloat32() {
    return true;
  }

  @Override
  public boolean isJitCompiled() {
    return baseline.isJitCompiled();
  }

  @Override
  public Optional<String> refusal(Task task) {
    return task instanceof Task.Float32
        ? baseline.refusal(task.problem())
        : Optional.of("computes in float32");
  }

  @Override
  public Prepared prepare(Task task, Team team) {
    Task.Float32 t = (Task.Float32) task;
    return new Float32Prepared(
        baseline.prepare(t.problem(), t.weights(), t.input(), team.threads()), team);
  }

  private record Float32Prepared(Float32Kernel computation, Team team) implements Prepared {

    @Override
    public String kernel() {
      return computation.name();
    }

    @Override
    public Optional<Long> packedBytes() {
      return Optional.empty();
    }

    @Override
    public long strips() {
      return computation.strips();
    }

    @Override
    public void run() {
      if (team.threads() == 1) {
        computation.run(0, computation.strips());
      } else {
        team.share(computation.strips(), s -> computation.run((int) s, (int) s + 1));
      }
    }

    @Override
    public void run(long first, long last) {
      computation.run((int) first, (int) last);
    }

    @Override
    public Optional<String> check(Expected expected) {
      run();
      return ((Expected.Sums) expected).compare(computation.output());
    }

    @Override
    public void close() {
      computation.close();
    }
  }
}
