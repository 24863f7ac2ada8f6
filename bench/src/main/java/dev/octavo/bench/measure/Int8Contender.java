package dev.octavo.bench.measure;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Kernel;
import dev.octavo.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A backend. */
public record Int8Contender(Backend backend) implements Contender {

  @Override
  public String id() {
    return backend.id();
  }

  @Override
  public Availability availability() {
    return backend.availability();
  }

  @Override
  public boolean isFloat32() {
    return false;
  }

  @Override
  public boolean isJitCompiled() {
    return !backend.id().startsWith("native-");
  }

  @Override
  public Optional<String> refusal(Task task) {
    return task instanceof Task.Int8 t
        ? backend.refusal(t.spec())
        : Optional.of("computes in int8");
  }

  @Override
  public Prepared prepare(Task task, Team team) {
    return new Int8Prepared((Task.Int8) task, backend, team);
  }

  private static final class Int8Prepared implements Prepared {
    private final Arena arena = Arena.ofShared();
    private final Task.Int8 task;
    private final Team team;
    private final Kernel kernel;
    private final Shape shape;
    private final MemorySegment output;
    private final MemorySegment scratch;

    Int8Prepared(Task.Int8 task, Backend backend, Team team) {
      this.task = task;
      this.team = team;
      try {
        kernel = backend.prepare(task.spec(), task.weights(), arena);
        shape = task.shape();
        output = arena.allocate(kernel.outputBytes(shape), 64);
        scratch = arena.allocate(Math.max(1, kernel.scratchBytes(shape)), 64);
      } catch (Throwable e) {
        arena.close();
        throw e;
      }
    }

    @Override
    public String kernel() {
      return kernel.plan(shape).kernel();
    }

    @Override
    public Optional<Long> packedBytes() {
      return Optional.of(kernel.plan().packedBytes());
    }

    @Override
    public long strips() {
      return kernel.strips(shape);
    }

    @Override
    public void run() {
      if (team.threads() == 1) {
        run(0, strips());
      } else {
        team.parallel().run(kernel, shape, task.input(), output, task.lhs());
      }
    }

    @Override
    public void run(long first, long last) {
      kernel.run(shape, task.input(), output, task.lhs(), scratch, first, last);
    }

    @Override
    public Optional<String> check(Expected expected) {
      output.fill((byte) 0x5A); // what was never written must not look right
      run();
      return ((Expected.Bits) expected).compare(output);
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
