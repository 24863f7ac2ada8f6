package dev.octavo;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a host's settings say about the choice of backend. Each is a system property, or else an
 * environment variable:
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code octavo.backend}</td><td>{@code OCTAVO_BACKEND}</td>
 *     <td>use this one wherever it can do the spec</td></tr>
 * <tr><td>{@code octavo.max}</td><td>{@code OCTAVO_MAX}</td>
 *     <td>choose none of higher rank than this one</td></tr>
 * <tr><td>{@code octavo.exclude}</td><td>{@code OCTAVO_EXCLUDE}</td>
 *     <td>choose none of these, separated by commas; {@code native-*} for all that begin so</td></tr>
 * </table>
 *
 * <p>They only ever narrow what {@link Backends#best} chooses; {@link Backends#named} finds every
 * backend still.
 *
 * @param backend id of the one to use
 * @param max id of the highest one to choose
 * @param exclude ids, or prefixes followed by an asterisk
 */
public record Selection(Optional<String> backend, Optional<String> max, List<String> exclude) {
  /** No settings. */
  public static final Selection NONE = new Selection(Optional.empty(), Optional.empty(), List.of());

  public Selection {
    exclude = List.copyOf(exclude);
  }

  /** Read from system properties and the environment, properties first. */
  public static Selection fromSystem() {
    return from(
        key ->
            Optional.ofNullable(
                System.getProperty(
                    key, System.getenv(key.toUpperCase(java.util.Locale.ROOT).replace('.', '_')))));
  }

  static Selection from(Function<String, Optional<String>> setting) {
    return new Selection(
        trimmed(setting.apply("octavo.backend")),
        trimmed(setting.apply("octavo.max")),
        trimmed(setting.apply("octavo.exclude"))
            .map(s -> Arrays.stream(s.split(",")).map(String::trim).filter(w -> !w.isEmpty()))
            .map(s -> s.toList())
            .orElse(List.of()));
  }

  private static Optional<String> trimmed(Optional<String> value) {
    return value.map(String::trim).filter(s -> !s.isEmpty());
  }

  boolean excludes(String id) {
    return exclude.stream()
        .anyMatch(
            e -> e.endsWith("*") ? id.startsWith(e.substring(0, e.length() - 1)) : id.equals(e));
  }
}
