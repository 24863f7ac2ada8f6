package dev.octavo.vector;

/** Arrays of the parameters of output channels, as vectors read them. */
final class Tables {
  /** An int of a channel. */
  interface OfInt {
    int at(int channel);
  }

  /** A float of a channel. */
  interface OfFloat {
    float at(int channel);
  }

  private Tables() {}

  static int[] ints(Channels channels, OfInt value) {
    int[] table = new int[channels.length()];
    for (int i = 0; i < table.length; i++) {
      table[i] = value.at(channels.at(i));
    }
    return table;
  }

  static float[] floats(Channels channels, OfFloat value) {
    float[] table = new float[channels.length()];
    for (int i = 0; i < table.length; i++) {
      table[i] = value.at(channels.at(i));
    }
    return table;
  }
}
