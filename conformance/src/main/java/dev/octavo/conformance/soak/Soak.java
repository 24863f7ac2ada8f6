package dev.octavo.conformance.soak;

import dev.octavo.Backend;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Rerun;
import dev.octavo.conformance.Trial;
import dev.octavo.conformance.problems.Tiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Random problems on every backend against the oracles, until somebody says stop or a bit differs.
 */
public final class Soak {
  /**
   * Something wrong.
   *
   * @param index number of the problem
   * @param diagnosis for whoever has to find out
   */
  public record Finding(long index, String diagnosis) {}

  /** Problems that a thread fetches at once. */
  private static final int BLOCK = 32;

  private final List<Backend> backends;
  private final Tiles tiles;
  private final long seed;
  private final LongFunction<String> rerun;
  private final Tally tally;
  private final AtomicLong next = new AtomicLong();
  private final List<Finding> findings = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * @param backends that are tried; none of them unusable
   * @param tiles around which sizes are drawn: part of what a problem's number means
   * @param seed the other part
   * @param rerun the line to type to run the problem of a number again
   */
  public Soak(List<Backend> backends, Tiles tiles, long seed, LongFunction<String> rerun) {
    this.backends = List.copyOf(backends);
    this.tiles = tiles;
    this.seed = seed;
    this.rerun = rerun;
    this.tally = new Tally(backends);
  }

  /** What has been tried so far. */
  public Tally tally() {
    return tally;
  }

  /**
   * Lets every thread finish its problem, and then {@link #run} returns. Any thread may call it.
   */
  public void stop() {
    stopped = true;
  }

  /**
   * Tries problems 0, 1, 2 … on that many threads until {@link #stop} is called or something is
   * wrong: then the finding with the smallest number.
   */
  public Optional<Finding> run(int threads) throws InterruptedException {
    try (Draw draw = new Draw(tiles, seed)) {
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(Thread.ofPlatform().name("soak-" + i).start(() -> work(draw)));
      }
      for (Thread worker : workers) {
        worker.join();
      }
    }
    return first();
  }

  /** Tries the problem with one number. */
  public Optional<Finding> run(long index) {
    try (Draw draw = new Draw(tiles, seed)) {
      attempt(draw.from(index, 1).getFirst());
    } finally {
      Rerun.by(null);
    }
    return first();
  }

  private Optional<Finding> first() {
    synchronized (findings) {
      return findings.stream().min(Comparator.comparingLong(Finding::index));
    }
  }

  private void work(Draw draw) {
    while (!stopped) {
      long first = next.getAndAdd(BLOCK);
      try {
        for (Draw.Try drawn : draw.from(first, BLOCK)) {
          if (!stopped) {
            attempt(drawn);
          }
        }
      } catch (RuntimeException | Error e) {
        found(first, "could not be drawn: " + trace(e));
      }
    }
  }

  private void attempt(Draw.Try drawn) {
    Rerun.by(rerun.apply(drawn.index()));
    long start = System.nanoTime();
    try {
      Problem problem = drawn.draft().problem();
      Optional<String> diagnosis = diagnosis(problem, drawn);
      if (diagnosis.isPresent()) {
        found(drawn, diagnosis.get());
        return;
      }
      List<Backend> ran = backends.stream().filter(b -> Trial.takesPart(b, problem)).toList();
      tally.count(ran, problem.spec(), drawn.index(), System.nanoTime() - start);
    } catch (RuntimeException | Error e) {
      found(drawn, trace(e) + "  rerun          " + Rerun.command() + System.lineSeparator());
    }
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private Optional<String> diagnosis(Problem problem, Draw.Try drawn) {
    Backend donor = backends.get((int) (drawn.index() % backends.size()));
    Certificate certificate = Certificate.of(problem, donor, seed ^ drawn.index());
    return certificate
        .answer()
        .map(answer -> Trial.check(problem, answer, drawn.circumstances(), backends))
        .orElse(certificate.diagnosis());
  }

  private void found(Draw.Try drawn, String diagnosis) {
    found(drawn.index(), diagnosis + "  draft          " + drawn.draft() + System.lineSeparator());
  }

  private void found(long index, String what) {
    stopped = true;
    String head = "problem " + index + " of seed " + seed + System.lineSeparator();
    synchronized (findings) {
      findings.add(new Finding(index, head + what));
    }
  }
}
