package dev.octavo;

import dev.octavo.spi.BackendProvider;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Backends, and the choice among them: the one policy, in one place. {@link Backends} is such a
 * list for the class path or module path of the application; a host that loads its own providers
 * makes its own.
 */
public final class BackendList {
  private static final System.Logger LOG = System.getLogger("dev.octavo");

  private final List<Backend> backends;
  private final Selection selection;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * A list in descending rank.
   *
   * @throws IllegalArgumentException if two backends share an id, or the selection names one that
   *     is not there
   */
  public BackendList(List<Backend> backends, Selection selection) {
    this.backends =
        backends.stream().sorted(Comparator.comparingInt(Backend::rank).reversed()).toList();
    this.selection = selection;
    Set<String> ids = new HashSet<>();
    for (Backend backend : this.backends) {
      if (!ids.add(backend.id())) {
        throw new IllegalArgumentException("two backends have the id " + backend.id());
      }
    }
    selection.backend().ifPresent(this::named);
    selection.max().ifPresent(this::named);
  }

  /** The backends of every {@link BackendProvider} that a class loader sees. */
  public static BackendList load(ClassLoader loader, Selection selection) {
    List<Backend> backends = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, loader).forEach(p -> backends.addAll(p.backends()));
    return new BackendList(backends, selection);
  }

  /** All backends, usable or not, in descending rank. */
  public List<Backend> list() {
    return backends;
  }

  /**
   * The backend of this id, whatever the settings and whether or not it is usable.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public Backend named(String id) {
    return backends.stream()
        .filter(b -> b.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no backend is named " + id + "; there are " + backends));
  }

  /**
   * The usable backend of highest rank that does the spec, within the settings; the backend that
   * {@link Selection#backend} names comes first, usable or emulated.
   *
   * @throws IllegalStateException if there is none, or the named one is unusable; the message says
   *     why each was passed over
   */
  public Backend best(Spec spec) {
    List<Explanation> explanations = explain(spec);
    Explanation chosen =
        explanations.stream()
            .filter(Explanation::chosen)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(noBackend(explanations)));
    if (chosen.backend().rank() == 0 && !isNamed(chosen.backend())) {
      warnOfFallback(chosen.backend());
    }
    return chosen.backend();
  }

  /**
   * Every backend, in descending rank, without a spec: its availability and the settings' verdict.
   */
  public List<Explanation> explain() {
    return backends.stream()
        .map(b -> new Explanation(b, b.availability(), Optional.empty(), false, obstacle(b)))
        .toList();
  }

  /**
   * Every backend, in descending rank: which is chosen for the spec, and why the others are not.
   */
  public List<Explanation> explain(Spec spec) {
    Optional<Backend> chosen = choose(spec);
    return backends.stream().map(b -> explain(b, spec, chosen)).toList();
  }

  private Explanation explain(Backend b, Spec spec, Optional<Backend> chosen) {
    Availability availability = b.availability();
    boolean able = !(availability instanceof Availability.Unusable) && b.refusal(spec).isEmpty();
    Optional<Plan> plan = able ? Optional.of(b.plan(spec)) : Optional.empty();
    if (chosen.isPresent() && chosen.get() == b) {
      return new Explanation(b, availability, plan, true, "chosen");
    }
    String note = obstacle(b);
    if (note.isEmpty()) {
      note = b.refusal(spec).map(r -> "does not do this spec: " + r).orElse("");
    }
    if (note.isEmpty()) {
      note = chosen.map(c -> precedence(c, b)).orElse("");
    }
    return new Explanation(b, availability, plan, false, note);
  }

  /** Why the chosen backend comes before another that could do the spec as well. */
  private String precedence(Backend chosen, Backend other) {
    if (isNamed(chosen)) {
      return chosen + " was named by octavo.backend";
    }
    return chosen + (chosen.rank() > other.rank() ? " ranks higher" : " comes first");
  }

  private boolean isNamed(Backend b) {
    return selection.backend().equals(Optional.of(b.id()));
  }

  private Optional<Backend> choose(Spec spec) {
    if (selection.backend().isPresent()) {
      Backend named = named(selection.backend().get());
      if (named.availability() instanceof Availability.Unusable) {
        return Optional.empty();
      }
      if (named.refusal(spec).isEmpty()) {
        return Optional.of(named);
      }
    }
    return backends.stream()
        .filter(b -> obstacle(b).isEmpty() && b.refusal(spec).isEmpty())
        .findFirst();
  }

  /** Why a backend is not chosen whatever the spec; empty if it may be. */
  private String obstacle(Backend b) {
    if (isNamed(b)) {
      return b.availability() instanceof Availability.Unusable u
          ? "named by octavo.backend, but unusable: " + u.reason()
          : "";
    }
    String unwelcome = unwelcome(b);
    if (!unwelcome.isEmpty()) {
      return unwelcome;
    }
    return switch (b.availability()) {
      case Availability.Usable u -> "";
      case Availability.Emulated e -> "never chosen: " + e.reason();
      case Availability.Unusable u -> u.reason();
    };
  }

  /** Which setting rules a backend out; empty if none does. */
  private String unwelcome(Backend b) {
    if (selection.excludes(b.id())) {
      return "excluded by octavo.exclude=" + String.join(",", selection.exclude());
    }
    if (selection.max().isPresent() && b.rank() > named(selection.max().get()).rank()) {
      return "ranks above octavo.max=" + selection.max().get();
    }
    return "";
  }

  private static String noBackend(List<Explanation> explanations) {
    return explanations.isEmpty()
        ? "there is no backend: put kernels-scalar, kernels-vector or kernels-panama-native on the"
            + " class path or module path"
        : "no backend can be chosen: "
            + explanations.stream()
                .map(e -> e.backend() + (e.note().isEmpty() ? "" : " (" + e.note() + ")"))
                .collect(Collectors.joining(", "));
  }

  /** A slow fallback is never silent: one WARNING names what is missing. */
  private void warnOfFallback(Backend chosen) {
    String reasons =
        backends.stream()
            .filter(b -> b.rank() > chosen.rank() && unwelcome(b).isEmpty())
            .filter(b -> b.availability() instanceof Availability.Unusable)
            .map(b -> b + ": " + b.availability().reason())
            .collect(Collectors.joining("; "));
    if (!reasons.isEmpty() && warned.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "Octavo falls back to the backend {0}, which is slow. Faster ones cannot run: {1}",
          chosen,
          reasons);
    }
  }

  /**
   * What became of one backend in the choice.
   *
   * @param backend which
   * @param availability whether it runs here
   * @param plan what it would run for the spec; empty if it cannot, or no spec was given
   * @param chosen whether it is the one
   * @param note {@code chosen}, or why it was passed over; empty if nothing speaks against it
   */
  public record Explanation(
      Backend backend,
      Availability availability,
      Optional<Plan> plan,
      boolean chosen,
      String note) {}
}
