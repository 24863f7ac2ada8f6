package dev.octavo.bench;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said when a command cannot do what it was asked, and where to read on. */
final class Complaints {

  private Complaints() {}

  /** Says what failed; the exit code. */
  static int failed(Exception e, CommandLine line, ParseResult parsed) {
    line.getErr().println(line.getColorScheme().errorText("octavo: " + message(e)));
    if (Boolean.getBoolean("octavo.debug")) {
      e.printStackTrace(line.getErr());
    }
    return 1;
  }

  /** Says what of the command line was not understood; the exit code. */
  static int misunderstood(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    CommandSpec spec = line.getCommandSpec();
    line.getErr().println(line.getColorScheme().errorText("octavo: " + e.getMessage()));
    UnmatchedArgumentException.printSuggestions(e, line.getErr());
    boolean top = spec.parent() == null;
    if (top && arguments.length == 0) {
      line.usage(line.getErr());
    } else {
      line.getErr().printf("%s tells more%n", top ? "octavo help" : "octavo help " + spec.name());
    }
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** An exception's message as a sentence: those about files are a bare path. */
  static String message(Exception e) {
    return switch (e) {
      case NoSuchFileException f -> "there is no file or folder " + f.getFile();
      case AccessDeniedException f -> "no permission to read or write " + f.getFile();
      case NotDirectoryException f -> f.getFile() + " is no folder";
      case FileSystemException f ->
          "cannot use the file or folder %s: %s"
              .formatted(
                  f.getFile(),
                  f.getReason() == null ? e.getClass().getSimpleName() : f.getReason());
      case IOException f when f.getMessage() == null -> e.getClass().getSimpleName();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
