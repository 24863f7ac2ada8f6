package dev.octavo.bench;

import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octavo report}. */
@Command(
    name = "report",
    description = {
      "Makes the Markdown and the page with plots again from the JSON file of a run.",
      "The page is one file that loads nothing from anywhere."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:both were written", "1:the file could not be read, or is no result"})
final class ReportCommand implements Callable<Integer> {

  @Spec private CommandSpec command;

  @Parameters(paramLabel = "RESULT.json", description = "What octavo bench wrote.")
  private Path json;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where the files go; default: beside the JSON file.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    Results results = ResultFiles.read(json);
    Path folder = output == null ? json.toAbsolutePath().getParent() : output;
    ResultFiles files = ResultFiles.beside(json, folder);
    files.render(results);
    files.names().forEach(n -> command.commandLine().getOut().println("wrote " + n));
    command.commandLine().getOut().flush();
    return 0;
  }
}
