package dev.octavo.conformance.vectors;

/** A case that asks for something no spec of Octavo describes; the message says what. */
final class UnsupportedCaseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsupportedCaseException(String what) {
    super(what);
  }
}
