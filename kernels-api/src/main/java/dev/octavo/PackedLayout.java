package dev.octavo;

/**
 * The law of packed weights: where element rhs[n, k] lies. Packed bytes are private to the backend
 * that made them and are never saved or exchanged; what is shared is this description, and every
 * packer, Java or C, is tested by reading its bytes back through {@link #offset}.
 *
 * <pre>
 *   group ─┬─ panel 0 (nr columns) │ panel 1 │ … │ last panel (width rounded up to the quantum)
 *          │
 *          └─ block 0: column 0: kr elements │ column 1: kr elements │ …     width·kr bytes
 *             block 1: …
 * </pre>
 *
 * k is cut into runs of equal length, each padded to {@code runPacked}: a GEMM has one run of
 * length k; a convolution, whose k is ordered [height][width][channel], has one run per filter tap,
 * per filter row, or one in all. With j = n mod groupSize, panel p = ⌊j / nr⌋, width = min(nr,
 * roundUp(groupSize − p·nr, quantum)) and q = ⌊k / runLength⌋·runPacked + k mod runLength:
 *
 * <pre>
 *   offset = base + ⌊n / groupSize⌋·groupStride + p·panelStride
 *          + ⌊q / kr⌋·width·kr + (j mod nr)·kr + q mod kr
 * </pre>
 *
 * <p>An element is stored as its byte xor {@link #flip}.
 *
 * @param nr columns of a panel
 * @param kr depth of a block
 * @param quantum the last panel of a group is as wide as its columns, rounded up to this
 * @param groupSize output channels of a group; each group begins a new panel
 * @param runLength elements of a run
 * @param runPacked elements of a run with its padding
 * @param base byte offset of the first panel
 * @param groupStride bytes from one group to the next
 * @param panelStride bytes from one panel to the next
 * @param flip 0, or 0x80 where the backend stores signed as unsigned or the other way round
 */
public record PackedLayout(
    int nr,
    int kr,
    int quantum,
    int groupSize,
    int runLength,
    int runPacked,
    long base,
    long groupStride,
    long panelStride,
    int flip) {
  public PackedLayout {
    Checks.atLeast("nr", nr, 1);
    Checks.atLeast("kr", kr, 1);
    Checks.atLeast("quantum", quantum, 1);
    Checks.atLeast("group size", groupSize, 1);
    Checks.atLeast("run length", runLength, 1);
    Checks.atLeast("packed run", runPacked, runLength);
    Checks.atLeast("base", base, 0);
    Checks.atLeast("group stride", groupStride, 0);
    Checks.atLeast("panel stride", panelStride, 0);
    if (flip != 0 && flip != 0x80) {
      throw new IllegalArgumentException("flip must be 0 or 128, not " + flip);
    }
  }

  /** Byte offset of rhs[n, k] in {@link Kernel#packed}: slow and obvious. */
  public long offset(int n, int k) {
    int j = n % groupSize;
    int panel = j / nr;
    int left = groupSize - panel * nr;
    long width = Math.min(nr, (left + quantum - 1) / quantum * quantum);
    long q = (long) (k / runLength) * runPacked + k % runLength;
    return base
        + n / groupSize * groupStride
        + panel * panelStride
        + q / kr * width * kr
        + j % nr * kr
        + q % kr;
  }
}
