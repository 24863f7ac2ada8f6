package dev.octavo.vector;

import dev.octavo.Recipe;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The loops of one vector width, and the workspaces that they share. */
final class Width {
  /** How shallow the chunks of k are at first, and for how many strips; see {@link #depth}. */
  private static final int SHALLOW = 16;

  private static final int SHALLOW_STRIPS = 64;

  final int bits;
  final Lanes lanes;

  /** The register tile, and the one for the last few rows of a strip. */
  final Gemm gemm;

  final Gemm lastRows;

  /** The register tile of integers, where that is the faster one; otherwise null. */
  final Pairs pairs;

  final FewRows fewRows;

  /** A copy for each use; see {@link #requantizer}. */
  private final Map<Use, Requantizer> requantizers = new ConcurrentHashMap<>();

  private record Use(Recipe recipe, int step) {}

  /** The copy that dequantizes. */
  final Requantizer dequantizer;

  final Depthwise depthwise;
  final Quantizer quantizer;
  final Pool pool = new Pool();

  /** Counts strips; it does not matter if threads lose a few. */
  private int strips;

  Width(int bits) {
    this(bits, Machine.multipliesPairs());
  }

  Width(int bits, boolean pairs) {
    this.bits = bits;
    this.lanes = WidthCopy.of(Lanes.class, PlainLanes.class, bits);
    this.lastRows = WidthCopy.of(Gemm.class, Gemm4x2.class, bits);
    this.gemm =
        bits == 512 || Machine.has32Registers()
            ? WidthCopy.of(Gemm.class, Gemm8x2.class, bits)
            : lastRows;
    this.pairs = pairs ? WidthCopy.of(Pairs.class, PairsLanes.class, bits) : null;
    this.fewRows = WidthCopy.of(FewRows.class, FewRowsLanes.class, bits);
    this.dequantizer = WidthCopy.of(Requantizer.class, RequantizerLanes.class, bits);
    this.depthwise = WidthCopy.of(Depthwise.class, DepthwiseLanes.class, bits);
    this.quantizer = WidthCopy.of(Quantizer.class, QuantizerLanes.class, bits);
  }

  /**
   * The loops of a recipe, in a copy of the class that never meets another recipe. In one copy for
   * all, the compiler would put every recipe that the JVM has used into the method that chooses
   * between them, until it met its limits.
   *
   * @param step 1 for channels that vary with the elements, 0 for one channel
   */
  Requantizer requantizer(Recipe recipe, int step) {
    return requantizers.computeIfAbsent(
        new Use(recipe, step),
        u -> WidthCopy.of(Requantizer.class, RequantizerLanes.class, bits, u.step()));
  }

  /** Rows, columns and depths of a step of the tile that is used. */
  int mr() {
    return pairs == null ? gemm.mr() : Pairs.MR;
  }

  int nr() {
    return pairs == null ? gemm.nr() : 2 * gemm.nr();
  }

  int kr() {
    return pairs == null ? 1 : 2;
  }

  /**
   * How deep the chunks of the next strip are: {@code most}, except in the first strips of a JVM.
   * Until a loop is compiled each of its vector operations is several objects and about a
   * microsecond, and what makes the JVM compile it are its calls: some hundred of them. Calls of 16
   * steps get there in a small part of the time that calls of 256 need. Any depth gives the same
   * bits.
   */
  int depth(int most) {
    if (strips >= SHALLOW_STRIPS) {
      return most;
    }
    strips++;
    return SHALLOW;
  }
}
