package dev.octavo.bench.peers;

import dev.octavo.Bias;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.bench.engines.OneDnn;
import dev.octavo.bench.engines.OneDnnOperation;
import dev.octavo.bench.engines.OneDnnOperation.Arithmetic;
import dev.octavo.bench.measure.Prepared;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import java.lang.foreign.Arena;
import java.util.Optional;

/** oneDNN in int8, held to an instruction set. */
record OneDnnPeer(OneDnn.Cap cap) implements Peer {

  @Override
  public String id() {
    return cap.id();
  }

  @Override
  public Optional<String> unusableBecause() {
    return OneDnn.unusableBecause(cap);
  }

  @Override
  public Optional<String> refusal(Task task) {
    if (!(task instanceof Task.Int8 t)) {
      return Optional.of("computes in int8");
    }
    return Asked.refusal(t);
  }

  @Override
  public Prepared prepare(Task task, Team team) {
    Task.Int8 t = (Task.Int8) task;
    OneDnnOperation operation;
    try (Arena arena = Arena.ofConfined()) {
      operation =
          new OneDnnOperation(
              OneDnn.get(cap), t.problem(), arithmetic(t), Asked.weights(t, arena), team.threads());
    }
    operation.input().copyFrom(t.input());
    return new PeerPrepared(
        operation.kernel(),
        operation.packedBytes(),
        operation.output(),
        operation::run,
        operation::close);
  }

  /** oneDNN multiplies first and adds the bias then, in float32. */
  private static Arithmetic arithmetic(Task.Int8 task) {
    GemmSpec product = task.product();
    int zeroPoint = Asked.zeroPoint(task);
    ElementType dst = task.spec().outputType();
    if (!(product.output() instanceof Output.Requantized r)) {
      return new Arithmetic(product.lhsType(), product.rhsType(), dst, zeroPoint, 0, null, null);
    }
    Multipliers.Float32 given = (Multipliers.Float32) r.multipliers();
    float[] multipliers = new float[task.problem().outputChannels()];
    float[] bias = task.weights().bias() instanceof Bias.Int32 ? multipliers.clone() : null;
    for (int c = 0; c < multipliers.length; c++) {
      multipliers[c] = given.at(c);
      if (task.weights().bias() instanceof Bias.Int32 b) {
        bias[c] = b.at(c) * given.at(c);
      }
    }
    return new Arithmetic(
        product.lhsType(), product.rhsType(), dst, zeroPoint, r.zeroPoint(), multipliers, bias);
  }
}
