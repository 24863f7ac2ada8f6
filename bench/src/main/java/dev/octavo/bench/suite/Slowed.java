package dev.octavo.bench.suite;

import dev.octavo.Availability;
import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.Expected;
import dev.octavo.bench.measure.Prepared;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import java.util.Optional;

/**
 * A contender made slower on purpose, under its own name: each run takes {@code factor} times as
 * long. It is there to see that {@code octavo compare} gives alarm.
 */
public record Slowed(Contender contender, double factor) implements Contender {

  @Override
  public String id() {
    return contender.id();
  }

  @Override
  public Availability availability() {
    return contender.availability();
  }

  @Override
  public boolean isFloat32() {
    return contender.isFloat32();
  }

  @Override
  public boolean isJitCompiled() {
    return contender.isJitCompiled();
  }

  @Override
  public boolean isPeer() {
    return contender.isPeer();
  }

  @Override
  public Optional<String> refusal(Task task) {
    return contender.refusal(task);
  }

  @Override
  public Prepared prepare(Task task, Team team) {
    return new SlowedPrepared(contender.prepare(task, team), factor);
  }

  private record SlowedPrepared(Prepared prepared, double factor) implements Prepared {

    @Override
    public String kernel() {
      return prepared.kernel();
    }

    @Override
    public Optional<Long> packedBytes() {
      return prepared.packedBytes();
    }

    @Override
    public long strips() {
      return prepared.strips();
    }

    @Override
    public void run() {
      slowed(prepared::run);
    }

    @Override
    public void run(long first, long last) {
      slowed(() -> prepared.run(first, last));
    }

    private void slowed(Runnable work) {
      long start = System.nanoTime();
      work.run();
      long took = System.nanoTime() - start;
      while (System.nanoTime() - start < factor * took) {
        Thread.onSpinWait();
      }
    }

    @Override
    public Optional<String> check(Expected expected) {
      return prepared.check(expected);
    }

    @Override
    public String checked() {
      return prepared.checked();
    }

    @Override
    public void close() {
      prepared.close();
    }
  }
}
