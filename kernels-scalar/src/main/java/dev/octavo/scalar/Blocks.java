package dev.octavo.scalar;

/**
 * How a product is cut into strips: a block of lhs rows by a block of output channels of one group,
 * the channels varying fastest.
 *
 * @param k products of one sum
 * @param groups of output channels
 * @param groupChannels output channels of a group
 * @param quantum a block has a multiple of this many channels; divides groupChannels
 */
record Blocks(int k, int groups, int groupChannels, int quantum) {
  /** Rows of a strip: enough to make widening a filter cheap, few enough to stay in cache. */
  private static final int MAX_ROWS = 32;

  /** Elements of those rows, where k is very long. */
  private static final int MAX_ROW_ELEMENTS = 1 << 20;

  /** Channels of a strip, where k is so short that the work would allow more. */
  private static final int MAX_CHANNELS = 1024;

  /** Products of a strip: about two hundred microseconds of them. */
  private static final long MAX_PRODUCTS = 5 << 19;

  /** Widening an element costs about as much as this many products. */
  private static final int WIDENING = 6;

  long strips(long m) {
    return m == 0 || groupChannels == 0 ? 0 : Math.ceilDiv(m, rows(m)) * across(rows(m));
  }

  /** Sets the place of strip number s of a problem with m rows. */
  void place(Strip strip, long m, long s) {
    int rows = rows(m);
    int channels = channels(rows);
    int across = across(rows);
    int block = (int) (s % across);
    int perGroup = across / groups;
    int inGroup = block % perGroup * channels;
    strip.row = s / across * rows;
    strip.rows = (int) Math.min(rows, m - strip.row);
    strip.channel = block / perGroup * groupChannels + inGroup;
    strip.channels = Math.min(channels, groupChannels - inGroup);
  }

  /** Rows of the largest strip. */
  int maxRows() {
    return Math.clamp(MAX_ROW_ELEMENTS / Math.max(k, 1), 1, MAX_ROWS);
  }

  /** Channels of the largest strip. */
  int maxChannels() {
    return channels(1);
  }

  private int rows(long m) {
    return (int) Math.min(m, maxRows());
  }

  private int channels(int rows) {
    long byWork = MAX_PRODUCTS / ((long) (rows + WIDENING) * Math.max(k, 1));
    int most = (int) Math.min(Math.min(byWork, MAX_CHANNELS), groupChannels);
    return Math.max(most / quantum, 1) * quantum;
  }

  /** Blocks of channels, of all groups. */
  private int across(int rows) {
    return groups * Math.ceilDiv(groupChannels, channels(rows));
  }
}
