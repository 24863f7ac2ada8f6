package dev.octavo.bench;

import dev.octavo.bench.latency.LatencyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code octavo} command. */
@Command(
    name = "octavo",
    description = "Int8 kernels for the JVM: what runs here, how fast, and whether it is right.",
    subcommands = {
      InfoCommand.class,
      BenchCommand.class,
      ReportCommand.class,
      CompareCommand.class,
      PeaksCommand.class,
      TimeCommand.class,
      CheckCommand.class,
      JmhCommand.class,
      SoakCommand.class,
      LatencyCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main {

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Octavo 0.1.0-SNAPSHOT"};
    }
  }

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /**
   * Exit status: 0 fine, 1 something was wrong or failed, 2 the command line was not understood.
   */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setUsageHelpLongOptionsMaxWidth(30)
        .setParameterExceptionHandler(Complaints::misunderstood)
        .setExecutionExceptionHandler(Complaints::failed);
  }
}
