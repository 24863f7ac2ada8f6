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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
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
      "The garbage collector is the JVM's; OCTAVO_JAVA_OPTS=-XX:+UseSerialGC takes another one."
    },
    mixinStandardHelpOptions = true)
public final class LatencyCommand implements Callable<Integer> {
  /** What is promised at the 99.9th percentile. */
  private static final long PROMISE_NANOS = 1_000_000;

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
  private double seconds = 2;

  @Override
  public Integer call() throws IOException {
    List<Backend> backends = backends();
    List<Case> cases = Case.all().stream().filter(c -> c.name().contains(only)).toList();
    if (cases.isEmpty() || !(seconds > 0)) {
      throw new ParameterException(command.commandLine(), "nothing to do");
    }
    PrintWriter out = command.commandLine().getOut();
    out.println(
        Machine.here().cpu()
            + ", collectors: "
            + ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", ")));
    Table table =
        new Table(
            "backend",
            "case",
            ">safepoints",
            ">median\nµs",
            ">99 %\nµs",
            ">99.9 %\nµs",
            ">longest\nµs");
    try (Progress progress = new Progress(System.err)) {
      table.row(row("none", "a loop of plain Java", measure(Thread::onSpinWait)));
      int done = 0;
      for (Backend backend : backends) {
        LongStream together = LongStream.empty();
        table.rule();
        for (Case c : cases) {
          progress.show(
              done++ / (double) (backends.size() * cases.size()), backend + ", " + c.name());
          if (backend.refusal(c.spec()).isEmpty()) {
            try (Arena arena = Arena.ofShared()) {
              long[] nanos = measure(c.on(backend, arena));
              table.row(row(backend.id(), c.name(), nanos));
              together = LongStream.concat(together, Arrays.stream(nanos));
            }
          }
        }
        table.row(row(backend.id(), "all of them", together.sorted().toArray()));
      }
    }
    out.print(table.text(command.commandLine().getColorScheme().ansi()));
    out.flush();
    return 0;
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
  private long[] measure(Runnable work) throws IOException {
    repeat(work, seconds / 2);
    try (SafepointRecording recording = new SafepointRecording()) {
      Disturber disturber = new Disturber();
      try {
        repeat(work, seconds);
      } finally {
        disturber.stop();
      }
      return recording.stop();
    }
  }

  private static void repeat(Runnable work, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      work.run();
    } while (System.nanoTime() < end);
  }

  private static List<Object> row(String backend, String name, long[] nanos) {
    List<Object> row = new ArrayList<>(List.of(backend, name, nanos.length));
    for (double part : new double[] {0.5, 0.99, 0.999, 1}) {
      long value = percentile(nanos, part);
      boolean broken = part == 0.999 && value > PROMISE_NANOS;
      row.add(new Cell(Numbers.digits(value * 1e-3), broken ? Style.BAD : Style.PLAIN));
    }
    return row;
  }

  /** The smallest value that is not below that part of all. */
  static long percentile(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(part * sorted.length) - 1];
  }
}
