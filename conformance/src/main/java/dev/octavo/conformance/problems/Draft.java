package dev.octavo.conformance.problems;

import dev.octavo.conformance.Problem;

/**
 * A problem in a few words, small enough to print and to shrink; the rest follows from its seed.
 */
public sealed interface Draft permits GemmDraft, ConvDraft, ElementwiseDraft {
  /** The whole problem. */
  Problem problem();
}
