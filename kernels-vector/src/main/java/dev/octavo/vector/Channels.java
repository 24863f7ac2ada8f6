package dev.octavo.vector;

/** Which channel's parameters belong into which entry of an array that vectors read. */
interface Channels {
  /** The narrowest table that any vector fits in. */
  int VECTOR = 16;

  /** Entries of the array. */
  int length();

  /** The channel of an entry. */
  int at(int entry);

  /**
   * The order of the columns of {@link Packed}: every group is padded.
   *
   * @param count channels
   * @param groupSize channels of a group
   * @param groupColumns columns of a group
   */
  record Columns(int count, int groupSize, int groupColumns) implements Channels {
    @Override
    public int length() {
      return count == 0 ? 0 : Math.ceilDiv(count, groupSize) * groupColumns + VECTOR;
    }

    @Override
    public int at(int entry) {
      int within = Math.min(entry % groupColumns, groupSize - 1);
      return Math.min(entry / groupColumns * groupSize + within, count - 1);
    }
  }

  /**
   * Channels that vary fastest: again and again, for a chunk that begins with any of them.
   *
   * @param count channels
   */
  record Periodic(int count) implements Channels {
    @Override
    public int length() {
      return count + ElementwiseKernel.CHUNK + VECTOR;
    }

    @Override
    public int at(int entry) {
      return entry % count;
    }
  }

  /**
   * Channels that come in runs: a vector of each.
   *
   * @param count channels
   */
  record Spread(int count) implements Channels {
    @Override
    public int length() {
      return count * VECTOR;
    }

    @Override
    public int at(int entry) {
      return entry / VECTOR;
    }
  }
}
