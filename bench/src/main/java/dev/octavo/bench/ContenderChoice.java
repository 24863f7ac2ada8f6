package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.peers.Peers;
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

  /** Without peers, but for those that are named. */
  static List<Contender> of(List<String> names, PrintWriter err) {
    return of(names, false, err);
  }

  /**
   * @param names as on the command line; null for everyone usable
   * @param peers whether peers take part without being named
   * @param err where the reasons of those named but unusable go
   * @throws IllegalArgumentException for a name that nobody has
   */
  static List<Contender> of(List<String> names, boolean peers, PrintWriter err) {
    List<Contender> all = new ArrayList<>(Contender.all());
    List<Contender> chosen = new ArrayList<>();
    if (names == null) {
      all.stream()
          .filter(c -> c.availability() instanceof Availability.Usable)
          .forEach(chosen::add);
    }
    if (peers) {
      Peers.all().forEach(p -> addUsable(p, chosen, err));
    }
    if (names == null) {
      return chosen;
    }
    all.addAll(Peers.all());
    for (String name : names.stream().map(String::strip).distinct().toList()) {
      addUsable(named(name, all), chosen, err);
    }
    return chosen.stream().distinct().toList();
  }

  private static void addUsable(Contender contender, List<Contender> chosen, PrintWriter err) {
    if (contender.availability() instanceof Availability.Unusable u) {
      err.println("octavo: " + contender.id() + " is unusable here: " + u.reason());
    } else {
      chosen.add(contender);
    }
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
