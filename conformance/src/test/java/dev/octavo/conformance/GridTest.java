package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.Window;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GridTest {
  private final Grid gaps = new Grid("dst", ElementType.S32, new int[] {2, 3}, new long[] {20, 4});

  @Test
  void cellsAndTheBytesBetweenThem() {
    assertEquals(6, gaps.count());
    assertEquals(32, gaps.bytes());
    assertEquals(28, gaps.offset(1, 2));
    assertArrayEquals(new int[] {1, 1}, gaps.index(4));
    assertArrayEquals(new int[] {0, 4, 8, 20, 24, 28}, gaps.offsets());
    assertArrayEquals(new int[] {1, 2}, gaps.cellAt(31).orElseThrow());
    assertEquals(Optional.empty(), gaps.cellAt(12));
    assertEquals("dst[1, 2]", gaps.describe(new int[] {1, 2}));
  }

  @Test
  void channelsFirstCellsAreFoundToo() {
    ConvSpec spec = ConvSpec.of(2, 3, Window.of(1, 1));
    Grid grid = Grid.output(spec, spec.nchw(2, 4, 5));
    int[] offsets = grid.offsets();
    for (int cell = 0; cell < grid.count(); cell++) {
      int[] index = grid.index(cell);
      assertEquals(grid.offset(index), offsets[cell]);
      assertEquals(offsets[cell], grid.offset(index[0], index[1], index[2], index[3]));
      assertArrayEquals(index, grid.cellAt(grid.offset(index) + 3).orElseThrow());
    }
    assertEquals(480, grid.bytes());
  }

  @Test
  void gatheringMovesCellsAndFillsTheGaps() {
    byte[] dense = new byte[24];
    for (int i = 0; i < dense.length; i++) {
      dense[i] = (byte) i;
    }
    byte[] moved = gaps.gather(dense, gaps.dense());
    assertEquals(12, moved[20]);
    assertEquals(Answer.BETWEEN, moved[12]);
    assertArrayEquals(dense, gaps.dense().gather(moved, gaps));
  }
}
