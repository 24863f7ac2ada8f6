package dev.octavo.conformance.vectors;

/** A case that asks for something no spec of Octavo describes; the message says what. */
public final class UnsupportedCaseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** For {@code what} is asked. */
  public UnsupportedCaseException(String what) {
    super(what);
  }
}
