package dev.octavo.bench.latency;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.bench.report.Machine;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code octavo latency}: how long everybody waits for a kernel. */
@Command(
    name = "latency",
    description = {
      "Runs large kernels on heap operands on every backend while another thread allocates and "
          + "asks for safepoints, and tells how long those took to reach.",
      "The first line of each backend is measured without a kernel: what the machine itself needs. "
          + "The column \"strip\" is the longest that one strip takes when nothing disturbs it: a "
          + "native kernel on heap operands is away for no longer.",
      "The garbage collector is the JVM's; OCTAVO_JAVA_OPTS=-XX:+UseSerialGC takes another one."
    },
    mixinStandardHelpOptions = true)
public final class LatencyCommand implements Callable<Integer> {
  /** What is promised at the 99.9th percentile. */
  private static final long PROMISE_NANOS = 1_000_000;

  private static final double PROMISED = 0.999;

  /** What the machine itself needs, measured beside every backend. */
  private static final String NOISE = "no kernel, a loop of plain Java";

  @Spec private CommandSpec command;

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "ID",
      description = "Only these; default: all that are usable here.")
  private List<String> ids;

  @Option(
      names = "--case",
      paramLabel = "TEXT",
      description = "Only the cases whose names have this in them.")
  private String only = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "For each case and backend; default: ${DEFAULT-VALUE}.")
  private double seconds = 1;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "How often everything is measured, in turn; the more, the less chance decides. Default: "
              + "${DEFAULT-VALUE}.")
  private int rounds = 1;

  /** What was measured of one case, or of none, on one backend. */
  private record Measured(Waits waits, long strip) {
    Measured and(Measured other) {
      return new Measured(waits.and(other.waits), Math.max(strip, other.strip));
    }
  }

  @Override
  public Integer call() throws IOException {
    List<Backend> backends = backends();
    List<Case> cases = Case.all().stream().filter(c -> c.name().contains(only)).toList();
    if (cases.isEmpty() || !(seconds > 0) || rounds < 1) {
      throw new ParameterException(command.commandLine(), "nothing to do");
    }
    PrintWriter out = command.commandLine().getOut();
    out.println(
        Machine.here().cpu()
            + ", collectors: "
            + ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", ")));
    List<Map<String, Measured>> all = new ArrayList<>();
    try (Progress progress = new Progress(System.err)) {
      for (int round = 0; round < rounds; round++) {
        for (int b = 0; b < backends.size(); b++) {
          double done = round * backends.size() + b;
          progress.show(done / (rounds * backends.size()), backends.get(b) + ", round " + round);
          all.add(measured(backends.get(b), cases));
        }
      }
    }
    out.print(table(backends, all).text(command.commandLine().getColorScheme().ansi()));
    out.flush();
    return 0;
  }

  /** One round of a backend: without a kernel, and with each. */
  private Map<String, Measured> measured(Backend backend, List<Case> cases) throws IOException {
    Map<String, Measured> measured = new LinkedHashMap<>();
    measured.put(NOISE, measure(Job.of(Thread::onSpinWait)));
    for (Case c : cases) {
      if (backend.refusal(c.spec()).isEmpty()) {
        try (Arena arena = Arena.ofShared()) {
          measured.put(c.name(), measure(c.on(backend, arena)));
        }
      }
    }
    return measured;
  }

  private Table table(List<Backend> backends, List<Map<String, Measured>> all) {
    Table table =
        new Table(
            "backend",
            "case",
            ">strip\nµs",
            ">safepoints",
            ">median\nµs",
            ">99 %\nµs",
            ">99.9 %\nµs",
            ">longest\nµs",
            "99.9 %, by round\nµs");
    for (int b = 0; b < backends.size(); b++) {
      List<Map<String, Measured>> mine = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        mine.add(all.get(round * backends.size() + b));
      }
      for (String name : mine.getFirst().keySet()) {
        row(table, backends.get(b), name, mine.stream().map(m -> m.get(name)).toList());
      }
      row(table, backends.get(b), "all but the first", mine.stream().map(this::kernels).toList());
      table.rule();
    }
    return table;
  }

  private Measured kernels(Map<String, Measured> measured) {
    return measured.entrySet().stream()
        .filter(e -> !e.getKey().equals(NOISE))
        .map(Map.Entry::getValue)
        .reduce(new Measured(Waits.NONE, 0), Measured::and);
  }

  private List<Backend> backends() {
    try {
      return ids == null
          ? Backends.list().stream()
              .filter(b -> b.availability() instanceof Availability.Usable)
              .toList()
          : ids.stream().map(Backends::named).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /** Half the time to warm up, as long as necessary; then measures. */
  private Measured measure(Job job) throws IOException {
    repeat(job.whole(), seconds / 2);
    long strip = job.longestStrip();
    try (SafepointRecording recording = new SafepointRecording()) {
      Disturber disturber = new Disturber();
      try {
        repeat(job.whole(), seconds);
      } finally {
        disturber.stop();
      }
      return new Measured(recording.stop(), strip);
    }
  }

  private static void repeat(Runnable work, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      work.run();
    } while (System.nanoTime() < end);
  }

  private static void row(Table table, Backend backend, String name, List<Measured> rounds) {
    Measured all = rounds.stream().reduce(new Measured(Waits.NONE, 0), Measured::and);
    List<Object> row = new ArrayList<>(List.of(backend.id(), name));
    row.add(all.strip == 0 ? "" : micros(all.strip));
    row.add(all.waits.nanos().length);
    for (double part : new double[] {0.5, 0.99, PROMISED, 1}) {
      long value = all.waits.percentile(part);
      boolean broken = part == PROMISED && value > PROMISE_NANOS;
      row.add(new Cell(micros(value), broken ? Style.BAD : Style.PLAIN));
    }
    row.add(
        rounds.stream()
            .map(round -> micros(round.waits.percentile(PROMISED)))
            .collect(Collectors.joining(" ")));
    table.row(row);
  }

  private static String micros(long nanos) {
    return Numbers.digits(nanos * 1e-3);
  }
}
