package dev.octavo.bench;

import dev.octavo.bench.peaks.PeakMeter;
import dev.octavo.bench.report.Machine;
import dev.octavo.bench.report.PeakTables;
import dev.octavo.bench.report.Peaks;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Table.Style;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code octavo peaks}. */
@Command(
    name = "peaks",
    description = {
      "Measures what one core of this machine can do at most: float32 multiply-adds at each vector width"
          + " and the int8 multiply of each backend, all in registers, and reads from each cache and from"
          + " memory.",
      "Takes about three seconds. octavo bench does it first, and shows how far each layer is from it."
    },
    mixinStandardHelpOptions = true)
final class PeaksCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    Ansi ansi = command.commandLine().getColorScheme().ansi();
    Machine machine = Machine.here();
    Peaks peaks;
    try (Progress progress = new Progress(System.err)) {
      peaks = PeakMeter.measure(machine, what -> progress.show(0, "peak of " + what));
    }
    out.println(Style.STRONG.on(machine.cpu(), ansi) + ", one core");
    out.println();
    out.print(PeakTables.compute(peaks).text(ansi));
    out.println();
    out.print(PeakTables.memory(peaks).text(ansi));
    peaks.missing().forEach(m -> out.println(Style.FAINT.on("  not measured: " + m, ansi)));
    out.flush();
    return 0;
  }
}
