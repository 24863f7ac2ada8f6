package dev.octavo.bench.report;

import java.io.Console;
import java.io.PrintStream;

/**
 * One line that says what is being done and how long the rest will take. On a terminal it is
 * rewritten in place; elsewhere, in a log, there is none.
 */
public final class Progress implements AutoCloseable {

  private static final int BAR = 20;

  private final PrintStream out;
  private final boolean shown;
  private final long start = System.nanoTime();
  private int width;
  private boolean stopped;

  public Progress(PrintStream out) {
    this(out, isTerminal());
  }

  Progress(PrintStream out, boolean shown) {
    this.out = out;
    this.shown = shown;
  }

  /** Whether a person is looking. */
  public static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * Shows what is being done.
   *
   * @param done the part of all work that is behind us, 0 to 1
   */
  public void show(double done, String what) {
    double elapsed = (System.nanoTime() - start) * 1e-9;
    show(done, remaining(done, elapsed), what);
  }

  /**
   * Shows what is being done.
   *
   * @param elapsed seconds that are behind us
   * @param remaining seconds that are ahead, about
   */
  public void show(double elapsed, double remaining, String what) {
    show(elapsed / Math.max(elapsed + remaining, 1e-9), left(remaining), what);
  }

  private synchronized void show(double done, String left, String what) {
    if (!shown || stopped) {
      return;
    }
    int filled = (int) (done * BAR);
    String bar = "█".repeat(filled) + "░".repeat(BAR - filled);
    write(bar + " " + percent(done) + "  " + left + "  " + what);
  }

  /** Shows what is being done, where nobody knows how long it will take. */
  public void show(String what) {
    if (shown) {
      write(what);
    }
  }

  static String percent(double done) {
    return "%3d %%".formatted((int) (done * 100));
  }

  /** What is left if the rest goes at the same pace. */
  static String remaining(double done, double elapsed) {
    if (done < 0.02) {
      return "     left";
    }
    return left(elapsed * (1 - done) / done);
  }

  private static String left(double remaining) {
    long seconds = Math.round(remaining);
    return "%d:%02d left".formatted(seconds / 60, seconds % 60);
  }

  /** Takes the line away, so that something else can be printed. */
  public synchronized void clear() {
    if (shown && width > 0) {
      write("");
      out.print('\r');
      out.flush();
    }
  }

  /** Takes the line away for good. */
  public synchronized void stop() {
    clear();
    stopped = true;
  }

  private void write(String line) {
    int columns = 100;
    String cut = line.length() > columns ? line.substring(0, columns - 1) + "…" : line;
    out.print("\r" + cut + " ".repeat(Math.max(0, width - cut.length())));
    out.flush();
    width = cut.length();
  }

  @Override
  public void close() {
    clear();
  }
}
