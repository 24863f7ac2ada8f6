package dev.octavo;

import java.util.Objects;

/**
 * Whether a backend runs on this machine. Never an exception: a refusal is a value with a reason.
 */
public sealed interface Availability {
  /** It runs, at the speed it was made for. */
  Usable USABLE = new Usable();

  /** Why not, for people; empty if usable. */
  String reason();

  /** It runs, at the speed it was made for. */
  record Usable() implements Availability {
    @Override
    public String reason() {
      return "";
    }
  }

  /** It gives right answers, slowly: it is tested here, but never chosen. */
  record Emulated(String reason) implements Availability {
    public Emulated {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** It cannot run here. */
  record Unusable(String reason) implements Availability {
    public Unusable {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
