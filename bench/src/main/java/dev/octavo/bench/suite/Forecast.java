package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What measurements cost besides the time that is granted them: laying out weights, building
 * sessions, compiling, checking, and runs too long for what was granted. At first it is guessed;
 * then each contender's own measurements teach what its next ones will cost.
 */
final class Forecast {

  /** Seconds of any measurement, about; with the next two, the load of a measurement. */
  private static final double FIXED = 2e-3;

  /** Seconds for each weight: it is copied, packed, and read a few times. */
  private static final double WEIGHT = 5e-9;

  /** Seconds for each multiply-add: a few whole runs. */
  private static final double MULTIPLY_ADD = 2e-11;

  /** Seconds of guessed cost that weigh as much as those that were measured. */
  private static final double GUESSED = 0.2;

  /** Seconds until the JIT compiler is done with code that it has not seen, guessed. */
  private static final double JIT = 0.8;

  /** What is known of a contender. */
  private static final class Known {
    double loadAhead;
    double load = GUESSED;
    double seconds = GUESSED;
    final Set<String> codeAhead = new HashSet<>();
    final Set<String> codeSeen = new HashSet<>();

    double rate() {
      return seconds / load;
    }
  }

  private final Map<Contender, Known> known = new HashMap<>();
  private int jitCount = 2;
  private double jitSeconds = 2 * JIT;

  /** A measurement will be taken. */
  void expect(Contender contender, Problem problem) {
    Known k = known.computeIfAbsent(contender, any -> new Known());
    k.loadAhead += load(problem);
    if (contender.isJitCompiled()) {
      k.codeAhead.add(code(problem));
    }
  }

  /** A measurement will not be taken after all. */
  void skip(Contender contender, Problem problem) {
    known.get(contender).loadAhead -= load(problem);
  }

  /** A measurement that was expected has been taken, and cost so many seconds. */
  void took(Contender contender, Problem problem, double seconds) {
    Known k = known.get(contender);
    double load = load(problem);
    k.loadAhead -= load;
    double rest = Math.max(0, seconds);
    if (contender.isJitCompiled() && k.codeSeen.add(code(problem))) {
      k.codeAhead.remove(code(problem));
      double usual = Math.min(rest, k.rate() * load);
      jitSeconds += rest - usual;
      jitCount++;
      rest = usual;
    }
    k.load += load;
    k.seconds += rest;
  }

  /** Seconds of all measurements that are still expected. */
  double seconds() {
    double sum = 0;
    for (Known k : known.values()) {
      sum += Math.max(0, k.loadAhead) * k.rate() + k.codeAhead.size() * jitSeconds / jitCount;
    }
    return sum;
  }

  private static double load(Problem p) {
    return FIXED + WEIGHT * p.weights() + MULTIPLY_ADD * p.multiplyAdds();
  }

  /** What the JIT compiler sees as the same code, more or less. */
  private static String code(Problem problem) {
    return problem instanceof Conv c && c.isDepthwise() ? "depthwise" : problem.kind();
  }
}
