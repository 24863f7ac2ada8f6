package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backends;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a JVM of its own said that ran {@link Report}: a line for each backend, and its complaints.
 */
record Jvm(List<String> lines, String errors) {

  /** The flag without which the JVM warns. */
  static final String ALLOW = "--enable-native-access=ALL-UNNAMED";

  private static final List<String> IDS =
      List.of("native-amx", "native-avx512vnni", "native-avxvnni", "native-avx2", "native-scalar");

  /** What it said of a backend. */
  String of(String id) {
    return lines.stream()
        .filter(line -> line.startsWith(id + " "))
        .map(line -> line.substring(id.length() + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(this.toString()));
  }

  static boolean works(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** All ids are there, each unusable for the same reason. */
  void assertSameReason(String... fragments) {
    assertEquals(IDS, lines.stream().map(line -> line.split(" ", 2)[0]).toList());
    for (String line : lines) {
      for (String fragment : fragments) {
        assertTrue(line.contains(fragment), line);
      }
    }
    Reasons.show(of(IDS.getFirst()));
  }

  static List<String> onClassPath(String... flags) {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.add("--class-path");
    arguments.add(
        String.join(
            File.pathSeparator,
            place(Backends.class).toString(),
            ownClasses().toString(),
            place(Report.class).toString()));
    arguments.add(Report.class.getName());
    return arguments;
  }

  static Path ownClasses() {
    return place(NativeProvider.class).resolveSibling("classes");
  }

  static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Jvm java(List<String> arguments) throws Exception {
    return run(command(arguments));
  }

  static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xshare:auto");
    command.addAll(arguments);
    return command;
  }

  static Jvm run(List<String> command) throws Exception {
    Path out = Files.createTempFile("octavo-out", ".txt");
    Path err = Files.createTempFile("octavo-err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the JVM hangs");
    Jvm jvm = new Jvm(Files.readAllLines(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    assertEquals(0, process.exitValue(), jvm::toString);
    return jvm;
  }
}
