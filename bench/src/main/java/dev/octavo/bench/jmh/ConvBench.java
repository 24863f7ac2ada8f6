package dev.octavo.bench.jmh;

import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import org.openjdk.jmh.annotations.Param;

/** A convolution. */
public class ConvBench extends ProductBench {

  /** In the grammar of {@code octavo time}. */
  @Param("1,64,56,56,64,3,3,1,1")
  public String shape;

  @Override
  Problem problem() {
    return ShapeGrammar.convs(shape).getFirst().problem();
  }
}
