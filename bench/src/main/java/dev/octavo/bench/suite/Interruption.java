package dev.octavo.bench.suite;

import dev.octavo.bench.report.Progress;
import dev.octavo.bench.report.ResultFiles;
import dev.octavo.bench.report.Results;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What happens when the JVM is told to end (Ctrl-C, or a signal of another kind) while results are
 * being collected: they are written as they are, marked as interrupted, and the user is told where.
 * The JVM's exit status is then its own, 130 after Ctrl-C.
 */
public final class Interruption implements AutoCloseable {

  private final Recorder recorder;
  private final ResultFiles files;
  private final Progress progress;
  private final PrintWriter err;
  private final Thread hook = new Thread(this::save, "octavo-interrupted");

  public Interruption(Recorder recorder, ResultFiles files, Progress progress, PrintWriter err) {
    this.recorder = recorder;
    this.files = files;
    this.progress = progress;
    this.err = err;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Writes what there is. */
  void save() {
    progress.stop();
    boolean complete = recorder.isComplete(); // then the thread that measured may be writing
    Results results = complete ? recorder.results() : recorder.interrupted();
    long measured =
        results.suites().stream()
            .flatMap(s -> s.items().stream())
            .mapToLong(i -> i.entries().size())
            .sum();
    if (measured == 0) {
      err.println("octavo: interrupted before anything was measured");
    } else {
      try {
        files.write(results);
        err.printf(
            "octavo: interrupted; the %d measurements so far are in %s%n",
            measured, String.join(", ", files.names()));
      } catch (IOException e) {
        err.println("octavo: interrupted, and the results could not be written: " + e.getMessage());
      }
    }
    err.flush();
  }

  /** From here on the end of the JVM is an ordinary one. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is already ending, and the hook is at work: it will finish.
    }
  }
}
