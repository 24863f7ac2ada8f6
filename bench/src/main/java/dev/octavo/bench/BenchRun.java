package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.bench.measure.Contender;
import dev.octavo.bench.measure.OtherWork;
import dev.octavo.bench.measure.Team;
import dev.octavo.bench.peaks.PeakMeter;
import dev.octavo.bench.report.Machine;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Peaks;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Participant;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.suite.Interruption;
import dev.octavo.bench.suite.Pace;
import dev.octavo.bench.suite.Recorder;
import dev.octavo.bench.suite.Suite;
import dev.octavo.bench.suite.SuiteRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** One run of {@code octavo bench}: measures, prints as it goes, and leaves files. */
final class BenchRun {

  /** Seconds of a run of the networks and the model on one thread, without peers. */
  private static final double USUAL = 70;

  /** Seconds that the peaks take, about. */
  private static final double PEAKS = 5;

  /** Processors that others may use before a warning. */
  private static final double BUSY = 0.25;

  private final CommandLine line;
  private final List<Suite> suites;
  private final List<Contender> contenders;
  private final List<Integer> threads;
  private final BenchPrinter printer;

  BenchRun(
      CommandLine line, List<Suite> suites, List<Contender> contenders, List<Integer> threads) {
    this.line = line;
    this.suites = suites;
    this.contenders = contenders;
    this.threads = threads;
    this.printer = new BenchPrinter(line.getOut(), line.getColorScheme().ansi());
  }

  /**
   * Does it.
   *
   * @param seconds how long it may take; null for as long as careful measurements take
   * @param name of the files; null for one made of time and machine
   * @return the exit code
   */
  int run(boolean full, Double seconds, Path output, String name) throws IOException {
    Pace pace = full ? Pace.full() : Pace.quick();
    pace.expect(suites, contenders, threads);
    double allowed = full ? 0 : seconds == null ? usual(pace) : seconds;
    pace.allow(allowed);
    Files.createDirectories(output); // or fail before anything is measured
    Results head = head(full, allowed);
    printer.intro(head, threads);
    announce(pace, full, allowed);
    ResultFiles files = ResultFiles.in(output, name, head);
    Recorder recorder = new Recorder(head);
    List<Team> teams = threads.stream().map(Team::new).toList();
    try (Progress progress = new Progress(System.err)) {
      Interruption interruption = new Interruption(recorder, files, progress, line.getErr());
      SuiteRunner runner = new SuiteRunner(contenders, teams, pace, progress, recorder);
      for (Suite suite : suites) {
        SuiteResult result = runner.run(suite);
        progress.clear();
        files.writeData(recorder.results());
        printer.suite(result, head.peaks());
      }
      recorder.complete();
      files.write(recorder.results());
      interruption.close();
    } finally {
      teams.forEach(Team::close);
    }
    printer.outro(recorder.results(), files);
    return BenchPrinter.wrong(recorder.results()) == 0 ? 0 : 1;
  }

  /** What a run may take when nobody says: the number in the README for the usual one. */
  private static double usual(Pace pace) {
    return Math.max(USUAL, 10 * Math.ceil((pace.comfortable() + PEAKS) / 10));
  }

  /** Says what is coming, if it is more than a moment, and whether it can be had in time. */
  private void announce(Pace pace, boolean full, double allowed) {
    double least = pace.elapsed() + pace.least();
    String end = full ? "as long as they take" : "about %.0f s".formatted(Math.max(allowed, least));
    line.getErr().printf("octavo: %,d measurements, %s%n", pace.ahead(), end);
    if (!full && allowed < least) {
      line.getErr()
          .printf(
              "octavo: --seconds %s is too short for them; fewer --models, --backends or --threads"
                  + " would fit%n",
              Numbers.digits(allowed));
    }
    line.getErr().flush();
  }

  private Results head(boolean full, double seconds) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("mode", full ? "full" : "quick");
    settings.put("threads", threads);
    if (!full) {
      settings.put("seconds", seconds);
    }
    settings.put("operands", "native memory, aligned to 64 bytes; weights packed beforehand");
    OtherWork.processors()
        .ifPresent(
            others -> {
              settings.put("othersBusy", Math.round(100 * others) / 100.0);
              warnOf(others);
            });
    Machine machine = Machine.here();
    return new Results(
        Results.VERSION,
        Results.State.RUNNING,
        "octavo " + String.join(" ", line.getParseResult().originalArgs()),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        0,
        machine,
        settings,
        peaks(machine),
        participants(),
        List.of());
  }

  private void warnOf(double others) {
    if (others > BUSY) {
      line.getErr()
          .printf(
              "octavo: other processes keep %s of %d processors busy; times will be too long, those"
                  + " on several threads most%n",
              Numbers.digits(others), Runtime.getRuntime().availableProcessors());
      line.getErr().flush();
    }
  }

  private static Peaks peaks(Machine machine) {
    try (Progress progress = new Progress(System.err)) {
      return PeakMeter.measure(machine, what -> progress.show(0, "peak of " + what));
    }
  }

  /** Everyone who takes part, and whoever of ours cannot. */
  private List<Participant> participants() {
    Map<String, Participant> all = new LinkedHashMap<>();
    Stream.concat(Contender.all().stream(), contenders.stream())
        .forEach(c -> all.putIfAbsent(c.id(), participant(c)));
    return List.copyOf(all.values());
  }

  private static Participant participant(Contender c) {
    String availability =
        switch (c.availability()) {
          case Availability.Usable u -> "usable";
          case Availability.Emulated e -> "emulated";
          case Availability.Unusable u -> "unusable";
        };
    return new Participant(c.id(), SuiteRunner.kind(c), availability, c.availability().reason());
  }
}
