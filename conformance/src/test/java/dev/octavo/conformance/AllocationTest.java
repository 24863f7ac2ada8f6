package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run of a vector kernel allocates nothing, once it is compiled, be it the first thing that the
 * JVM does or the last of many. The classic failure is a loop that grew beyond what the compiler
 * inlines: each of its vectors becomes an object, the results stay right, and it runs a hundred
 * times slower, for as long as the JVM lives. An interpreted loop does the same, but only until it
 * is compiled; so {@link AllocationProbe} waits.
 *
 * <p>In JVMs of their own, because what a compiler does depends on all that went before.
 */
class AllocationTest {
  @TempDir Path temporary;

  /** The first thing that the JVM does. */
  @ParameterizedTest
  @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
  void inAFreshJvm(String backend) throws IOException, InterruptedException {
    runsAllocateNothing(backend, "fresh");
  }

  /** After many specs, outputs and recipes, on the backend that is chosen here. */
  @Test
  void inAnOldJvm() throws IOException, InterruptedException {
    String widest =
        Backends.list().stream()
            .filter(b -> b.id().startsWith("vector-"))
            .filter(b -> b.availability() instanceof Availability.Usable)
            .map(Backend::id)
            .max(String::compareTo)
            .orElse("vector-512");
    runsAllocateNothing(widest, "polluted");
  }

  private void runsAllocateNothing(String backend, String jvm)
      throws IOException, InterruptedException {
    Availability here = Backends.named(backend).availability();
    assumeTrue(here instanceof Availability.Usable, here::toString);
    Path out = temporary.resolve("out.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--class-path=" + System.getProperty("java.class.path"),
                "--add-modules=jdk.incubator.vector",
                AllocationProbe.class.getName(),
                backend,
                jvm)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    List<String> lines = Files.readAllLines(out);
    assertTrue(ended, () -> "still running after five minutes: " + lines);
    assertEquals(0, process.exitValue(), lines::toString);
    assertTrue(lines.size() > 20, lines::toString);
    List<String> wrong = new ArrayList<>(lines);
    wrong.removeIf(line -> line.endsWith(" 0 bytes"));
    assertEquals(List.of(), wrong);
  }
}
