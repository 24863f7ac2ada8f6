package dev.octavo.vector;

import jdk.incubator.vector.VectorShape;

/** The widest vectors that the JVM makes on this machine. */
final class PreferredWidth {
  private PreferredWidth() {}

  static int bits() {
    return VectorShape.preferredShape().vectorBitSize();
  }
}
