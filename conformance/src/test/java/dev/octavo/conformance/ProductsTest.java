package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Backends;
import dev.octavo.conformance.problems.ConvDraft;
import dev.octavo.conformance.problems.Draft;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.GemmDraft;
import dev.octavo.conformance.problems.Tiles;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The cheap ways to sums against the plain one. */
class ProductsTest {
  private static final Tiles TILES = Tiles.of(Backends.list());

  @Property(tries = 300)
  void aLineOfAGemm(@ForAll("gemms") GemmDraft draft, @ForAll Random random) {
    lineByLine(draft, random);
  }

  @Property(tries = 300)
  void aPixelOfAConvolution(@ForAll("convs") ConvDraft draft, @ForAll Random random) {
    lineByLine(draft, random);
  }

  private static void lineByLine(Draft draft, Random random) {
    Problem problem = draft.problem();
    int[] all = problem.products();
    int[] extents = problem.outputGrid().extents();
    int width = extents[extents.length - 1];
    if (all.length > 0) {
      int line = random.nextInt(all.length / width);
      assertArrayEquals(
          Arrays.copyOfRange(all, line * width, (line + 1) * width), problem.products(line));
    }
  }

  @Property(tries = 300)
  void aWrongSumOfAGemmIsNoticed(@ForAll("gemms") GemmDraft draft, @ForAll Random random) {
    oneWrong(draft, random);
  }

  @Property(tries = 300)
  void aWrongSumOfAConvolutionIsNoticed(@ForAll("convs") ConvDraft draft, @ForAll Random random) {
    oneWrong(draft, random);
  }

  private static void oneWrong(Draft draft, Random random) {
    Problem problem = draft.problem();
    int[] acc = problem.products();
    assertTrue(problem.areProducts(acc, random.nextLong()));
    if (acc.length > 0) {
      acc[random.nextInt(acc.length)] ^= 1 << random.nextInt(32);
      assertFalse(problem.areProducts(acc, random.nextLong()));
    }
  }

  @Provide
  Arbitrary<GemmDraft> gemms() {
    return Drafts.gemms(TILES);
  }

  @Provide
  Arbitrary<ConvDraft> convs() {
    return Drafts.convs(TILES, Drafts.stages());
  }
}
