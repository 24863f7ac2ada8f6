package dev.octavo.bench.measure;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.bench.float32.Float32Baseline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Something that can do tasks: a backend does those in int8, a baseline those in float32. */
public interface Contender {

  /** All of them: backends from the lowest rank to the highest, then the float32 baselines. */
  static List<Contender> all() {
    List<Contender> all = new ArrayList<>();
    Backends.list().stream()
        .sorted(Comparator.comparingInt(Backend::rank))
        .forEach(b -> all.add(new Int8Contender(b)));
    Float32Baseline.all().forEach(b -> all.add(new Float32Contender(b)));
    return all;
  }

  /** The backend's id, or the baseline's. */
  String id();

  /** Whether it runs on this machine. */
  Availability availability();

  boolean isFloat32();

  /** Whether its inner loops are Java, and so need some running before they are compiled. */
  boolean isJitCompiled();

  /** Whether it is somebody else's engine; those are timed even when they are wrong. */
  default boolean isPeer() {
    return false;
  }

  /** Why it does not do the task; empty when it does. */
  Optional<String> refusal(Task task);

  /**
   * Packs the weights and makes room for the output.
   *
   * @param team the threads that will share each run
   */
  Prepared prepare(Task task, Team team);
}
