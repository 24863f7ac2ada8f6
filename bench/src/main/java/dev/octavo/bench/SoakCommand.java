package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Table;
import dev.octavo.conformance.BlackBox;
import dev.octavo.conformance.problems.Tiles;
import dev.octavo.conformance.soak.Soak;
import dev.octavo.conformance.soak.Soak.Finding;
import dev.octavo.conformance.soak.Tally;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code octavo soak}: random problems on every backend, for as long as one cares to wait. */
@Command(
    name = "soak",
    description = {
      "Runs endless random problems on every backend and compares every bit with the oracle's: all "
          + "specs, outputs, recipes, layouts and partitions, operands on the heap and next to "
          + "guard pages, several threads on one kernel.",
      "Stops at the first bit that differs, with a diagnosis and the line that runs it again. "
          + "Ctrl-C stops it earlier, with a summary.",
      "Exit status 0 if all bits were right, 1 if one was not, 2 for a bad command line, 130 after "
          + "Ctrl-C."
    },
    mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
  private static final long TICK_MILLIS = 200;

  /** How often a log that nobody watches gets a line. */
  private static final long LINE_SECONDS = 10;

  private final List<Backend> all;

  @Spec private CommandSpec command;

  @Option(names = "--minutes", paramLabel = "N", description = "Stop after so many minutes.")
  private double minutes;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Stop after so many seconds. Without either: go on until Ctrl-C.")
  private double seconds;

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "ID",
      description = "Only these; default: all that are usable or emulated here.")
  private List<String> ids;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Problems at a time; default: one for each processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Which sequence of problems; default: a fresh one, which is printed.")
  private Long seed;

  @Option(
      names = "--problem",
      paramLabel = "N",
      description = "Only the problem of this number, on this kind of machine; needs --seed.")
  private Long problem;

  SoakCommand() {
    this(Backends.list());
  }

  SoakCommand(List<Backend> all) {
    this.all = all;
  }

  @Override
  public Integer call() throws InterruptedException {
    require(minutes >= 0 && seconds >= 0, "the time cannot be negative");
    require(threads >= 1 && threads <= 1024, "--threads must be 1 to 1024, not " + threads);
    require(problem == null || seed != null, "--problem needs the --seed it belongs to");
    PrintWriter out = command.commandLine().getOut();
    List<Backend> backends = backends();
    long number = seed != null ? seed : ThreadLocalRandom.current().nextLong(0, Long.MAX_VALUE);
    Soak soak = new Soak(backends, Tiles.of(all), number, index -> rerun(number, index));
    out.printf(
        "seed %d on %s; if the JVM dies, %s says where%n", number, backends, BlackBox.path());
    out.flush();
    Optional<Finding> finding =
        problem != null ? soak.run(problem.longValue()) : soak(soak, backends, out);
    finding.ifPresent(f -> out.println(f.diagnosis()));
    if (problem != null && finding.isEmpty()) {
      out.printf("problem %d of seed %d: every bit is right%n", problem, number);
    }
    out.flush();
    return finding.isPresent() ? 1 : 0;
  }

  private Optional<Finding> soak(Soak soak, List<Backend> backends, PrintWriter out)
      throws InterruptedException {
    CountDownLatch summed = new CountDownLatch(1);
    Thread interrupt = new Thread(() -> stopAndWait(soak, summed), "ctrl-c");
    Runtime.getRuntime().addShutdownHook(interrupt);
    long start = System.nanoTime();
    Thread watch = Thread.ofPlatform().daemon().name("watch").start(() -> watch(soak, start));
    try {
      Optional<Finding> finding = soak.run(threads);
      watch.interrupt();
      watch.join();
      summary(soak.tally(), backends, (System.nanoTime() - start) * 1e-9, out);
      return finding;
    } finally {
      summed.countDown();
      forget(interrupt);
    }
  }

  private static void stopAndWait(Soak soak, CountDownLatch summed) {
    soak.stop();
    try {
      summed.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // It is running: that is why we are here.
    }
  }

  /** Stops the soak when its time is over, and tells how it goes until then. */
  private void watch(Soak soak, long start) {
    double limit = minutes * 60 + seconds;
    long nextLine = LINE_SECONDS;
    try (Progress progress = new Progress(System.err)) {
      while (true) {
        Thread.sleep(TICK_MILLIS);
        double elapsed = (System.nanoTime() - start) * 1e-9;
        String state = state(soak.tally().problems(), elapsed);
        if (limit == 0) {
          progress.show(state);
        } else {
          progress.show(Math.min(1, elapsed / limit), state);
        }
        if (elapsed >= nextLine && !Progress.isTerminal()) {
          System.err.println("octavo: " + state);
          nextLine += LINE_SECONDS;
        }
        if (limit > 0 && elapsed >= limit) {
          soak.stop();
        }
      }
    } catch (InterruptedException e) {
      // The soak is over.
    }
  }

  private static String state(long problems, double elapsed) {
    return String.format(
        Locale.ROOT,
        "%s, %,d problems, %,.0f a second",
        Numbers.seconds(elapsed),
        problems,
        problems / elapsed);
  }

  private void summary(Tally tally, List<Backend> backends, double elapsed, PrintWriter out) {
    List<String> heads = new ArrayList<>(List.of("problems tried"));
    for (Tally.Op op : Tally.Op.values()) {
      heads.add(">" + op.name().toLowerCase(Locale.ROOT).replace('_', '\n'));
    }
    heads.add(">all");
    Table table = new Table(heads);
    for (Backend backend : backends) {
      List<Object> row = new ArrayList<>(List.of(backend.id()));
      for (Tally.Op op : Tally.Op.values()) {
        row.add(String.format(Locale.ROOT, "%,d", tally.runs(backend, op)));
      }
      row.add(String.format(Locale.ROOT, "%,d", tally.runs(backend)));
      table.row(row);
    }
    out.print(table.text(command.commandLine().getColorScheme().ansi()));
    long runs = backends.stream().mapToLong(tally::runs).sum();
    out.printf(
        Locale.ROOT,
        "%s on %d threads; %,d runs, %,.0f a second over all backends%n",
        state(tally.problems(), elapsed),
        threads,
        runs,
        runs / elapsed);
    Tally.Longest longest = tally.longest();
    if (longest.index() >= 0) {
      out.printf(
          "longest: problem %d, %s on all backends, %s%n",
          longest.index(), Numbers.seconds(longest.nanos() * 1e-9), longest.what());
    }
    out.flush();
  }

  private String rerun(long number, long index) {
    String only = ids == null ? "" : " --backends " + String.join(",", ids);
    return "./octavo soak --seed " + number + " --problem " + index + only;
  }

  private List<Backend> backends() {
    List<Backend> able =
        all.stream().filter(b -> !(b.availability() instanceof Availability.Unusable)).toList();
    if (ids == null) {
      require(!able.isEmpty(), "no backend runs here");
      return able;
    }
    List<Backend> chosen = new ArrayList<>();
    for (String id : ids.stream().map(String::strip).distinct().toList()) {
      Backend backend =
          all.stream()
              .filter(b -> b.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          command.commandLine(), "no backend \"" + id + "\"; there are " + all));
      require(able.contains(backend), id + " is unusable here: " + backend.availability().reason());
      chosen.add(backend);
    }
    return chosen;
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(command.commandLine(), message);
    }
  }
}
