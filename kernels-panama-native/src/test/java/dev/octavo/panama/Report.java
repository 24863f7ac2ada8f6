package dev.octavo.panama;

import dev.octavo.Backend;
import dev.octavo.Backends;

/** An application that prints the backends it finds; {@link Jvm} starts it. */
final class Report {
  private Report() {}

  public static void main(String[] args) {
    for (Backend backend : Backends.list()) {
      String reason = backend.availability().reason();
      System.out.println(backend + " " + (reason.isEmpty() ? "usable" : reason));
    }
  }
}
