package dev.octavo.bench.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.bench.problem.ShapeGrammar.Given;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeSetTest {

  @Test
  void partsMakeUpTheWhole() {
    List<Given> parts = new ArrayList<>();
    for (String kind : List.of("gemm", "conv", "depthwise")) {
      List<Given> part = ShapeSet.named("standard:" + kind);
      part.forEach(g -> assertEquals(kind, ShapeSet.kind(g.problem())));
      parts.addAll(part);
    }
    List<Given> whole = ShapeSet.named("standard");
    assertEquals(20, whole.size());
    assertEquals(new HashSet<>(whole), new HashSet<>(parts));
    assertEquals(whole.size(), parts.size());
  }

  @Test
  void aSweepIsProductsOfManySizesOnceEach() {
    List<Given> sweep = ShapeSet.named("sweep");
    sweep.forEach(g -> assertEquals("gemm", ShapeSet.kind(g.problem())));
    assertEquals(72, sweep.size());
    List<Given> all = new ArrayList<>(sweep);
    all.addAll(ShapeSet.named("standard"));
    assertEquals(all.size(), new HashSet<>(all).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "standard:", "standard:f32", "../models/vgg16", ""})
  void unknownNamesAreTold(String name) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> ShapeSet.named(name)).getMessage();
    assertTrue(message.contains(name) && message.matches(".*(standard|gemm).*"), message);
  }
}
