package dev.octavo.conformance.truth;

/**
 * A library that computes what we say we reproduce.
 *
 * @param name of the library, and of the engine within it
 * @param version as the library itself gives it
 */
public record Library(String name, String version) {
  /** A claim to reproduce one of its operators. */
  public Claim claim(String operator, String recipe) {
    return Claim.of(this, operator, recipe);
  }
}
