package dev.octavo.bench.engines;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** This process's environment, as libraries loaded from now on will see it. */
public final class Environment {

  private Environment() {}

  /** Sets a variable; on platforms without {@code setenv} nothing happens. */
  public static void set(String name, String value) {
    NativeLibrary.ofSystem("setenv")
        .ifPresent(
            library -> {
              try (Arena arena = Arena.ofConfined()) {
                library.call(
                    "setenv",
                    ValueLayout.JAVA_INT,
                    arena.allocateFrom(name),
                    arena.allocateFrom(value),
                    1);
              }
            });
  }
}
