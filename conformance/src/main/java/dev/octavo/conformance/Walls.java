package dev.octavo.conformance;

import dev.octavo.conformance.GuardArena.Edge;

/** The two guarded arenas of a trial. */
record Walls(GuardArena before, GuardArena after) implements AutoCloseable {
  static Walls confined() {
    return new Walls(GuardArena.ofConfined(Edge.START), GuardArena.ofConfined(Edge.END));
  }

  static Walls shared() {
    return new Walls(GuardArena.ofShared(Edge.START), GuardArena.ofShared(Edge.END));
  }

  /** Frees both, and fails if somebody wrote beside a segment. */
  @Override
  public void close() {
    try (before) {
      after.close();
    }
  }
}
