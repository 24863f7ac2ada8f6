package dev.octavo.bench.jmh;

import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import org.openjdk.jmh.annotations.Param;

/** A depthwise convolution. */
public class DepthwiseBench extends ProductBench {

  /** In the grammar of {@code octavo time}. */
  @Param("1,512,14,14,512,3,3,1,1,512")
  public String shape;

  @Override
  Problem problem() {
    return ShapeGrammar.convs(shape).getFirst().problem();
  }
}
