package dev.octavo.conformance;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Who ran what. A backend that cannot run is skipped, and a skip looks like a success; so {@code
 * -Dconformance.require= scalar,native-avx2} names the backends without which every trial is red,
 * and the numbers are printed at the end.
 */
public final class Coverage {
  /** What the trials of one backend came to. */
  private record Tally(
      Map<String, LongAdder> problems, LongAdder runs, ConcurrentSkipListSet<String> kernels) {
    Tally() {
      this(new ConcurrentSkipListMap<>(), new LongAdder(), new ConcurrentSkipListSet<>());
    }
  }

  private static final Map<String, Tally> TALLIES = new ConcurrentSkipListMap<>();
  private static final List<String> REQUIRED =
      required(System.getProperty("conformance.require", ""));

  private Coverage() {}

  static List<String> required(String property) {
    return Arrays.stream(property.split(","))
        .map(String::strip)
        .filter(id -> !id.isEmpty())
        .toList();
  }

  /**
   * Fails unless every backend of {@code conformance.require} is there and runs on this machine.
   * Whoever tests a choice of their own rather than {@link Backends#list} is not asked for the
   * others.
   */
  public static void requirePresent(List<Backend> backends) {
    if (backends.equals(Backends.list())) {
      requirePresent(REQUIRED, backends);
    }
  }

  static void requirePresent(List<String> required, List<Backend> backends) {
    for (String id : required) {
      Backend backend =
          backends.stream()
              .filter(b -> b.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      new AssertionError(
                          "required backend " + id + " is not in the list " + backends));
      if (backend.availability() instanceof Availability.Unusable unusable) {
        throw new AssertionError("required backend " + id + " is unusable: " + unusable.reason());
      }
    }
  }

  /** Counts a problem whose answer was compared with an oracle's. */
  static void count(Backend backend, Spec spec, String kernel) {
    Tally tally = TALLIES.computeIfAbsent(backend.id(), id -> new Tally());
    String kind = spec.getClass().getSimpleName().replace("Spec", "");
    tally.problems.computeIfAbsent(kind, k -> new LongAdder()).increment();
    tally.kernels.add(kernel);
  }

  /** Counts a run that was compared with another run. */
  static void countRun(Backend backend) {
    TALLIES.computeIfAbsent(backend.id(), id -> new Tally()).runs.increment();
  }

  /** How many problems a backend has been given so far. */
  public static long problems(String backend) {
    Tally tally = TALLIES.get(backend);
    return tally == null ? 0 : tally.problems.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Names of the kernels that have run so far, of all backends. */
  public static TreeSet<String> kernels() {
    return TALLIES.values().stream()
        .flatMap(t -> t.kernels.stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** One line for each backend: problems in all, problems of each kind, kernels. */
  public static String report() {
    Map<String, String> lines = new TreeMap<>();
    TALLIES.forEach(
        (id, tally) ->
            lines.put(
                id,
                String.format(
                    "%-20s %,9d problems %s, %,d runs for laws, %d kernels",
                    id, problems(id), tally.problems, tally.runs.sum(), tally.kernels.size())));
    return String.join(System.lineSeparator(), lines.values());
  }
}
