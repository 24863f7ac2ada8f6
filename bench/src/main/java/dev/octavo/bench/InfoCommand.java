package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.BackendList.Explanation;
import dev.octavo.Backends;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.Plan;
import dev.octavo.Recipe;
import dev.octavo.Spec;
import dev.octavo.Window;
import dev.octavo.bench.float32.Float32Baseline;
import dev.octavo.bench.report.Machine;
import dev.octavo.bench.report.Numbers;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec.Target;

/** {@code octavo info}. */
@Command(
    name = "info",
    description = "Shows the CPU, the JDK, every backend, and what each would run.",
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {

  @picocli.CommandLine.Spec(Target.SELF)
  private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    Ansi ansi = command.commandLine().getColorScheme().ansi();
    Machine machine = Machine.here();
    out.println("CPU      " + machine.cpu() + ", " + machine.processors() + " processors");
    out.println("         " + String.join(" ", machine.features()));
    out.println(
        "caches   " + machine.cachesText() + "; memory " + Numbers.bytes(machine.memoryBytes()));
    out.println("JDK      " + machine.jdk());
    out.println("OS       " + machine.os());
    out.println("commit   " + machine.commitText());
    out.println();
    out.print(backends().text(ansi));
    typical()
        .forEach(
            (what, spec) -> {
              out.println();
              out.println(Style.STRONG.on(what, ansi));
              out.print(plans(spec).text(ansi));
            });
    out.println();
    out.print(baselines().text(ansi));
    out.flush();
    return 0;
  }

  private static Table backends() {
    Table table = new Table("backend", ">rank", "here", "");
    for (Explanation e : Backends.explain()) {
      table.row(e.backend().id(), e.backend().rank(), here(e.availability()), e.note());
    }
    return table;
  }

  private static Cell here(Availability availability) {
    return switch (availability) {
      case Availability.Usable u -> new Cell("usable", Style.GOOD);
      case Availability.Emulated e -> new Cell("emulated", Style.PLAIN);
      case Availability.Unusable u -> new Cell("unusable", Style.FAINT);
    };
  }

  /** A transformer's product and a network's convolutions, requantized as inference does it. */
  private static Map<String, Spec> typical() {
    Output output =
        Output.Requantized.of(
            ElementType.U8, Recipe.FLOAT32_NEAREST_EVEN, Multipliers.Float32.of(0.002f), 128);
    Window window = Window.of(3, 3).withPadding(1);
    Map<String, Spec> typical = new LinkedHashMap<>();
    typical.put(
        "A product of u8 and s8 to u8: n = 768, k = 768",
        GemmSpec.of(768, 768).withLhs(ElementType.U8, 128).withOutput(output));
    typical.put(
        "A 3×3 convolution of u8 and s8 to u8: 64 → 64 channels",
        ConvSpec.of(64, 64, window).withLhs(ElementType.U8, 128).withOutput(output));
    typical.put(
        "A 3×3 depthwise convolution of u8 and s8 to u8: 512 channels",
        ConvSpec.of(512, 512, window)
            .withGroups(512)
            .withLhs(ElementType.U8, 128)
            .withOutput(output));
    return typical;
  }

  private static Table plans(Spec spec) {
    Table table = new Table("backend", "kernel", ">packed", "");
    for (Explanation e : Backends.explain(spec)) {
      if (e.plan().isEmpty() && e.availability() instanceof Availability.Unusable) {
        continue; // said above
      }
      table.row(
          e.backend().id(),
          e.plan().map(Plan::kernel).orElse("–"),
          e.plan().map(p -> Numbers.bytes(p.packedBytes())).orElse(""),
          e.chosen() ? new Cell("← chosen", Style.GOOD) : e.note());
    }
    return table;
  }

  private static Table baselines() {
    Table table = new Table("float32 baseline", "here", "");
    for (Float32Baseline b : Float32Baseline.all()) {
      Availability a =
          b.unusableBecause()
              .<Availability>map(Availability.Unusable::new)
              .orElse(Availability.USABLE);
      table.row(b.id(), here(a), a.reason());
    }
    return table;
  }
}
