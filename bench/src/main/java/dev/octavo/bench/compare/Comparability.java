package dev.octavo.bench.compare;

import dev.octavo.bench.report.Machine;
import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Whether two results can be compared.
 *
 * @param obstacles differences that make a comparison meaningless
 * @param warnings differences that a reader should know of
 */
public record Comparability(List<String> obstacles, List<String> warnings) {

  public static Comparability of(Results a, Results b) {
    List<String> obstacles = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Machine m = a.machine();
    Machine n = b.machine();
    differ("CPUs", m.cpu(), n.cpu(), obstacles);
    differ("numbers of processors", m.processors(), n.processors(), obstacles);
    differ("instruction sets", m.features(), n.features(), obstacles);
    differ("caches", m.cachesText(), n.cachesText(), warnings);
    differ("operating systems", m.os(), n.os(), warnings);
    differ("JDKs", m.jdk(), n.jdk(), warnings);
    differ("JVM options", m.jvmOptions(), n.jvmOptions(), warnings);
    differ("settings", a.settings(), b.settings(), warnings);
    if (a.state() != State.COMPLETE || b.state() != State.COMPLETE) {
      warnings.add("not both runs were finished; only what both have is compared");
    }
    return new Comparability(obstacles, warnings);
  }

  private static void differ(String what, Object a, Object b, List<String> list) {
    if (!Objects.equals(a, b)) {
      list.add("the %s differ: %s and %s".formatted(what, a, b));
    }
  }
}
