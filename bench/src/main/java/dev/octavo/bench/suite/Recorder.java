package dev.octavo.bench.suite;

import dev.octavo.bench.report.Results;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.State;
import dev.octavo.bench.report.Results.SuiteResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is found out, one measurement at a time, so that at any moment there is a whole
 * result to write: after the last measurement, and when somebody presses Ctrl-C before it. Safe for
 * the thread that measures and the one that writes.
 */
public final class Recorder {

  private final Results head;
  private final long start = System.nanoTime();
  private final List<SuiteResult> finished = new ArrayList<>();
  private Suite suite;
  private final List<ItemResult> items = new ArrayList<>();
  private State state = State.RUNNING;

  /**
   * @param head what is known beforehand: a result without suites
   */
  public Recorder(Results head) {
    this.head = head;
  }

  /** Begins a suite; what is added from now on belongs to it. */
  synchronized void begin(Suite next) {
    suite = next;
    items.clear();
  }

  /** Begins an item of the suite. */
  synchronized void begin(Item item) {
    var p = item.problem();
    items.add(
        new ItemResult(
            item.layers(),
            p.kind(),
            p.text(),
            p.multiplyAdds(),
            p.weights(),
            p.inputElements(),
            p.outputElements(),
            new ArrayList<>()));
  }

  /** Adds a measurement of the item. */
  synchronized void add(Entry entry) {
    items.getLast().entries().add(entry);
  }

  /** Ends the suite. */
  synchronized SuiteResult end() {
    SuiteResult result = current();
    finished.add(result);
    suite = null;
    return result;
  }

  /** All is measured. */
  public synchronized void complete() {
    state = State.COMPLETE;
  }

  public synchronized boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** What there is so far. */
  public synchronized Results results() {
    return results(state);
  }

  /** What there is, and that there will be no more. */
  public synchronized Results interrupted() {
    return results(State.INTERRUPTED);
  }

  private Results results(State now) {
    List<SuiteResult> suites = new ArrayList<>(finished);
    if (suite != null && items.stream().anyMatch(i -> !i.entries().isEmpty())) {
      suites.add(current());
    }
    return new Results(
        head.schemaVersion(),
        now,
        head.command(),
        head.started(),
        Math.round((System.nanoTime() - start) * 1e-8) / 10.0,
        head.machine(),
        head.settings(),
        head.peaks(),
        head.contenders(),
        suites);
  }

  private SuiteResult current() {
    return suite
        .head()
        .withItems(items.stream().filter(i -> !i.entries().isEmpty()).map(Recorder::copy).toList());
  }

  private static ItemResult copy(ItemResult i) {
    return new ItemResult(
        i.layers(),
        i.kind(),
        i.shape(),
        i.multiplyAdds(),
        i.weights(),
        i.inputElements(),
        i.outputElements(),
        List.copyOf(i.entries()));
  }
}
