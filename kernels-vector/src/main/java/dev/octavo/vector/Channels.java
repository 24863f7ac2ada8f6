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
    /** Columns of all groups. */
    int all() {
      return Math.ceilDiv(count, groupSize) * groupColumns;
    }

    @Override
    public int length() {
      return count == 0 ? 0 : all() + VECTOR;
    }

    @Override
    public int at(int entry) {
      int within = Math.min(entry % groupColumns, groupSize - 1);
      return Math.min(entry / groupColumns * groupSize + within, count - 1);
    }
  }

  /**
   * The columns of so many rows, one behind the other.
   *
   * @param columns of a row
   * @param times how many rows
   */
  record Rows(Columns columns, int times) implements Channels {
    @Override
    public int length() {
      return columns.all() * (times - 1) + columns.length();
    }

    @Override
    public int at(int entry) {
      return columns.at(entry % columns.all());
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
