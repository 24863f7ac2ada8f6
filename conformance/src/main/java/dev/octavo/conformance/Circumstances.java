package dev.octavo.conformance;

import java.util.random.RandomGenerator;

/**
 * What a host may choose freely, and what must therefore change no bit: where the operands live,
 * and how the work is cut up.
 *
 * @param input residence of the input and the run-time parameters
 * @param weights residence of the weights and of what the kernel keeps
 * @param output residence of the output
 * @param scratch residence of the scratch
 * @param inPieces whether the strips run in several pieces, in random order, each on dirty scratch;
 *     else all in one call
 * @param threads how many threads use the kernel at once, on one output or on one each; 1 for the
 *     caller alone
 * @param seed of the pieces and of the dirt
 */
public record Circumstances(
    Residence input,
    Residence weights,
    Residence output,
    Residence scratch,
    boolean inPieces,
    int threads,
    long seed) {
  /** The plainest: everything on the heap, all strips at once. */
  public static final Circumstances PLAIN =
      new Circumstances(
          Residence.HEAP, Residence.HEAP, Residence.HEAP, Residence.HEAP, false, 1, 0);

  RandomGenerator random() {
    return new java.util.SplittableRandom(seed);
  }
}
