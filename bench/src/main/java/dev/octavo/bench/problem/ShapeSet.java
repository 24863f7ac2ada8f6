package dev.octavo.bench.problem;

import dev.octavo.bench.problem.ShapeGrammar.Given;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Named lists of shapes, one resource each: lines of {@code kind shape;shape;… whose}. {@code
 * NAME:KIND} is the part of a list that is {@code gemm}, {@code conv} (depthwise ones not among
 * them) or {@code depthwise}.
 */
public final class ShapeSet {

  private ShapeSet() {}

  /** The shapes of {@code NAME} or {@code NAME:KIND}. */
  public static List<Given> named(String text) {
    String[] parts = text.strip().split(":", 2);
    List<Given> all = read(parts[0]);
    if (parts.length == 1) {
      return all;
    }
    List<Given> some = all.stream().filter(g -> kind(g.problem()).equals(parts[1])).toList();
    if (some.isEmpty()) {
      throw new IllegalArgumentException(
          "shapes \"%s\": after the colon stands gemm, conv or depthwise".formatted(text));
    }
    return some;
  }

  /** {@code gemm}, {@code conv} or {@code depthwise}: those whose speeds bear a common mean. */
  public static String kind(Problem problem) {
    return problem instanceof Conv c && c.isDepthwise() ? "depthwise" : problem.kind();
  }

  private static List<Given> read(String name) {
    InputStream in =
        name.matches("[a-z0-9-]+")
            ? ShapeSet.class.getResourceAsStream("/dev/octavo/bench/shapes/" + name + ".txt")
            : null;
    if (in == null) {
      throw new IllegalArgumentException(
          "no shapes are called \"%s\"; there are: standard, sweep".formatted(name));
    }
    List<Given> shapes = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(l -> !l.isBlank() && !l.startsWith("#"))
          .map(l -> l.split("\\s+", 3))
          .forEach(
              f ->
                  shapes.addAll(
                      f[0].equals("gemm") ? ShapeGrammar.gemms(f[1]) : ShapeGrammar.convs(f[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shapes;
  }
}
