package dev.octavo.vector;

/**
 * How a product is cut into strips: a block of lhs rows by a block of columns of one group, the
 * columns varying fastest. Rows come in units that no strip crosses: a matrix, an image, or a line
 * of a wide image.
 *
 * @param k products of one sum
 * @param groups of output channels
 * @param groupChannels output channels of a group
 * @param mr rows of the tile
 * @param nr columns of the tile
 */
record Blocks(int k, int groups, int groupChannels, int mr, int nr) {
  /**
   * Elements of an lhs block where k is long: fewer rows then, so that a strip stays short. Below
   * 32 rows widening the weights begins to show.
   */
  private static final int LHS_ELEMENTS = 1 << 16;

  private static final int MIN_ROWS = 32;

  /** Columns: enough to make widening the lhs cheap. */
  private static final int MAX_COLUMNS = 256;

  /** Weights that a strip of few rows reads: some tens of microseconds of them. */
  private static final int FEW_ROWS_WEIGHTS = 1 << 20;

  /** Weights that no second-level cache holds. */
  private static final long FAR_WEIGHTS = 1 << 21;

  /** Whether the units are so short that the weights are better widened in registers. */
  boolean few(long unitRows) {
    boolean far = (long) k * groupChannels > FAR_WEIGHTS;
    return unitRows <= (far ? FewRows.MOST : FewRows.ROWS);
  }

  long strips(long units, long unitRows) {
    return units == 0 || unitRows == 0 || groupChannels == 0
        ? 0
        : units * Math.ceilDiv(unitRows, rows(unitRows)) * across(unitRows);
  }

  /** Sets the place of strip number s. */
  void place(Workspace w, long unitRows, long s) {
    int rows = rows(unitRows);
    int columns = columns(unitRows);
    int across = across(unitRows);
    long blocks = Math.ceilDiv(unitRows, rows);
    long block = s / across % blocks;
    int perGroup = across / groups;
    int group = (int) (s % across) / perGroup;
    int from = (int) (s % across) % perGroup * columns;
    w.row = s / across / blocks * unitRows + block * rows;
    w.rows = (int) Math.min(rows, unitRows - block * rows);
    w.channel = group * groupChannels + from;
    w.channels = Math.min(columns, groupChannels - from);
    w.column = group * roundUp(groupChannels, nr) + from;
    w.pitch = roundUp(w.channels, nr);
  }

  /** Rows of a block: all blocks of a unit are about equal. */
  private int rows(long unitRows) {
    if (few(unitRows)) {
      return (int) unitRows;
    }
    int most = Math.clamp(LHS_ELEMENTS / Math.max(k, 1) & -mr, MIN_ROWS, Workspace.MAX_ROWS);
    long blocks = Math.ceilDiv(unitRows, most);
    return roundUp((int) Math.ceilDiv(unitRows, blocks), mr);
  }

  private int columns(long unitRows) {
    int most =
        few(unitRows)
            ? Math.clamp(
                FEW_ROWS_WEIGHTS / Math.max(k, 1), nr, Workspace.MAX_ACC / FewRows.MOST & -nr)
            : MAX_COLUMNS;
    int blocks = Math.ceilDiv(groupChannels, most);
    return roundUp(Math.ceilDiv(groupChannels, blocks), nr);
  }

  /** Blocks of columns, of all groups. */
  private int across(long unitRows) {
    return groups * Math.ceilDiv(groupChannels, columns(unitRows));
  }

  private static int roundUp(int value, int multiple) {
    return Math.ceilDiv(value, multiple) * multiple;
  }
}
