package dev.octavo.conformance.contract;

import java.util.function.Consumer;

/**
 * One thing wrong with a good run.
 *
 * @param what is wrong
 * @param expected the exception it must raise
 * @param mention what its message must contain
 * @param spoil makes it wrong
 */
record Spoiling(
    String what, Class<? extends Throwable> expected, String mention, Consumer<Scene> spoil) {
  static Spoiling argument(String what, String mention, Consumer<Scene> spoil) {
    return new Spoiling(what, IllegalArgumentException.class, mention, spoil);
  }

  static Spoiling bounds(String what, String mention, Consumer<Scene> spoil) {
    return new Spoiling(what, IndexOutOfBoundsException.class, mention, spoil);
  }

  static Spoiling missing(String what, String mention, Consumer<Scene> spoil) {
    return new Spoiling(what, NullPointerException.class, mention, spoil);
  }

  static Spoiling dead(String what, Consumer<Scene> spoil) {
    return new Spoiling(what, IllegalStateException.class, "closed", spoil);
  }

  static Spoiling confined(String what, Consumer<Scene> spoil) {
    return new Spoiling(what, WrongThreadException.class, "thread", spoil);
  }
}
