package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.bench.measure.Contender;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who takes part: those that were named, or else everyone who is usable. Emulated backends, right
 * but slow, take part only when named. Whoever cannot is told of, with the reason.
 */
final class ContenderChoice {

  private ContenderChoice() {}

  /**
   * @param names as on the command line; null for everyone usable
   * @param err where the reasons of those named but unusable go
   * @throws IllegalArgumentException for a name that nobody has
   */
  static List<Contender> of(List<String> names, PrintWriter err) {
    List<Contender> all = Contender.all();
    if (names == null) {
      return all.stream().filter(c -> c.availability() instanceof Availability.Usable).toList();
    }
    List<Contender> chosen = new ArrayList<>();
    for (String name : names.stream().map(String::strip).distinct().toList()) {
      Contender contender = named(name, all);
      if (contender.availability() instanceof Availability.Unusable u) {
        err.println("octavo: " + name + " is unusable here: " + u.reason());
      } else {
        chosen.add(contender);
      }
    }
    return chosen;
  }

  private static Contender named(String name, List<Contender> all) {
    return all.stream()
        .filter(c -> c.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no backend \"%s\"; there are %s"
                        .formatted(
                            name,
                            all.stream().map(Contender::id).collect(Collectors.joining(", ")))));
  }

  /**
   * The float32 baseline of a backend's level: plain Java for {@code scalar}, the Vector API for
   * {@code vector-*}, OpenBLAS for {@code native-*}.
   */
  static Optional<Contender> float32Of(Contender backend) {
    String id =
        backend.id().startsWith("vector-")
            ? "float32-vector"
            : backend.id().startsWith("native-") ? "float32-openblas" : "float32-java";
    return Contender.all().stream()
        .filter(c -> c.id().equals(id) && c.availability() instanceof Availability.Usable)
        .findFirst();
  }
}
