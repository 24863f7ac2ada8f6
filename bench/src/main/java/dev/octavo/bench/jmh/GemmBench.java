package dev.octavo.bench.jmh;

import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import org.openjdk.jmh.annotations.Param;

/** A matrix product. */
public class GemmBench extends ProductBench {

  /** In the grammar of {@code octavo time}. */
  @Param("128,768,768")
  public String shape;

  @Override
  Problem problem() {
    return ShapeGrammar.gemms(shape).getFirst().problem();
  }
}
