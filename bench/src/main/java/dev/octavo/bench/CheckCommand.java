package dev.octavo.bench;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.Table;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import dev.octavo.conformance.vectors.VectorCase;
import dev.octavo.conformance.vectors.VectorCase.Result;
import dev.octavo.conformance.vectors.VectorCase.Status;
import dev.octavo.conformance.vectors.Vectors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octavo check}: cases with answers that other software computed, on every backend. */
@Command(
    name = "check",
    description = {
      "Runs every CMSIS-NN JSON case and ONNX node test found under the folders on every backend.",
      "Exit status 1 if any fails, or if none was found."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders to search.")
  private List<Path> folders;

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "ID",
      description = "Only these; default: all that are usable or emulated here.")
  private List<String> ids;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    Ansi ansi = command.commandLine().getColorScheme().ansi();
    List<Backend> backends = backends();
    List<VectorCase> cases = cases();
    List<String> heads = new ArrayList<>(List.of("case"));
    backends.forEach(b -> heads.add(b.id().replaceFirst("-", "-\n")));
    Table table = new Table(heads);
    List<String> details = new ArrayList<>();
    int[] counts = new int[Status.values().length];
    try (Progress progress = new Progress(System.err)) {
      for (int i = 0; i < cases.size(); i++) {
        VectorCase test = cases.get(i);
        progress.show(i / (double) cases.size(), test.name());
        List<Object> row = new ArrayList<>(List.of(test.name()));
        for (Backend backend : backends) {
          Result result = test.run(backend);
          counts[result.status().ordinal()]++;
          row.add(cell(result.status()));
          if (result.status() != Status.PASS) {
            details.add(test.name() + " on " + backend + ": " + result.detail());
          }
        }
        table.row(row.toArray());
      }
    }
    out.print(table.text(ansi));
    details.forEach(out::println);
    int failed = counts[Status.FAIL.ordinal()];
    int passed = counts[Status.PASS.ordinal()];
    out.printf(
        "%d cases on %d backends: %d passed, %d failed, %d unsupported%n",
        cases.size(), backends.size(), passed, failed, counts[Status.UNSUPPORTED.ordinal()]);
    out.flush();
    return failed == 0 && passed > 0 ? 0 : 1;
  }

  private static Cell cell(Status status) {
    return switch (status) {
      case PASS -> new Cell("pass", Style.GOOD);
      case FAIL -> new Cell("FAIL", Style.BAD);
      case UNSUPPORTED -> new Cell("–", Style.FAINT);
    };
  }

  private List<Backend> backends() {
    try {
      return ids == null
          ? Backends.list().stream()
              .filter(b -> !(b.availability() instanceof Availability.Unusable))
              .toList()
          : ids.stream().map(Backends::named).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private List<VectorCase> cases() throws IOException {
    List<VectorCase> cases = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new ParameterException(command.commandLine(), folder + " is not a folder");
      }
      cases.addAll(Vectors.under(folder));
    }
    if (cases.isEmpty()) {
      throw new IOException("no CMSIS-NN JSON case or ONNX node test under " + folders);
    }
    return cases;
  }
}
