package dev.octavo.vector;

import dev.octavo.PackedLayout;
import java.lang.foreign.MemorySegment;

/**
 * The panels of packed weights, in arrays of about a megabyte.
 *
 * <p>Why not in one array? Because a thread that allocates an array clears it, and cannot stop for
 * a safepoint until that is done: of 16 megabytes that took 3 to 7 milliseconds, in which every
 * other thread of the JVM waited (AMD EPYC, Zen 5). An array here is a little smaller than the
 * smallest region of the G1 collector, so that one that has a region to itself leaves none half
 * empty.
 */
final class Panels {
  private static final int MOST = (1 << 20) - 4096;

  /** Vectors that widen bytes read a little more than they use. */
  private static final int SLACK = 64;

  private final byte[][] arrays;
  private final int panelBytes;
  private final int perArray;

  /** Room for so many panels, which the layout puts one behind the other. */
  Panels(PackedLayout layout, int count) {
    // Without columns there is nothing to keep, however deep they would be.
    panelBytes = count == 0 ? 0 : Math.toIntExact(layout.panelStride());
    perArray = Math.max(1, MOST / Math.max(panelBytes, 1));
    arrays = new byte[Math.ceilDiv(count, perArray)][];
    for (int i = 0; i < arrays.length; i++) {
      int panels = Math.min(perArray, count - i * perArray);
      arrays[i] = new byte[Math.addExact(Math.multiplyExact(panels, panelBytes), SLACK)];
    }
  }

  /** The array that a panel lies in. */
  byte[] array(int panel) {
    return arrays[panel / perArray];
  }

  /** Where in it. */
  int offset(int panel) {
    return panel % perArray * panelBytes;
  }

  /** All of them, as the layout says: a copy. */
  MemorySegment segment() {
    long bytes = 0;
    for (byte[] array : arrays) {
      bytes += array.length - SLACK;
    }
    byte[] all = new byte[Math.toIntExact(bytes)];
    int at = 0;
    for (byte[] array : arrays) {
      System.arraycopy(array, 0, all, at, array.length - SLACK);
      at += array.length - SLACK;
    }
    return MemorySegment.ofArray(all).asReadOnly();
  }
}
