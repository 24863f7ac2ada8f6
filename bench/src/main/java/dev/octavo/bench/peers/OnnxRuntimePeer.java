package dev.octavo.bench.peers;

import dev.octavo.bench.measure.Prepared;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.measure.Team;
import java.util.Optional;

/**
 * ONNX Runtime, a model of one operator for each task: MatMulInteger and ConvInteger for int32
 * sums, QGemm and QLinearConv for requantized ones. Its time includes what it takes to enter a
 * session, as it does for its users.
 */
record OnnxRuntimePeer() implements Peer {

  /** Asked once: its classes and its shared library are not part of the plain build. */
  private static final class Library {
    static final Optional<String> UNUSABLE = load();

    private static Optional<String> load() {
      try {
        OnnxRuntimeSession.environment();
        return Optional.empty();
      } catch (NoClassDefFoundError e) {
        return Optional.of(
            "ONNX Runtime is not part of the plain build: ./octavo ... --peers fetches it");
      } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
        return Optional.of("ONNX Runtime does not load here: " + e);
      }
    }
  }

  @Override
  public String id() {
    return "onnxruntime";
  }

  @Override
  public Optional<String> unusableBecause() {
    return Library.UNUSABLE;
  }

  @Override
  public Optional<String> refusal(Task task) {
    return task instanceof Task.Int8 t ? Asked.refusal(t) : Optional.of("computes in int8");
  }

  @Override
  public Prepared prepare(Task task, Team team) {
    OnnxModels.Made made = OnnxModels.of((Task.Int8) task);
    OnnxRuntimeSession session = new OnnxRuntimeSession(made, team.threads());
    return new PeerPrepared(
        made.operator(), session.output(), session::result, session::run, session::close);
  }
}
