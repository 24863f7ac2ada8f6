package dev.octavo;

import static dev.octavo.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where things lie: windows, strides, weights, packed layouts. */
class GeometryTest {
  // ---- windows

  @ParameterizedTest(name = "input {0} kernel {1} stride {2} dilation {3} pads {4} {5} gives {6}")
  @CsvSource({
    "224, 3, 1, 1, 1, 1, 224",
    "224, 7, 2, 1, 3, 3, 112",
    "224, 7, 2, 1, 2, 3, 112",
    "227, 11, 4, 1, 0, 0, 55",
    "5, 3, 1, 2, 0, 0, 1",
    "7, 3, 2, 2, 1, 0, 2",
    "1, 1, 9, 9, 0, 0, 1",
    "1, 3, 1, 1, 1, 1, 1",
    "6, 2, 4, 1, 0, 0, 2",
    "5, 2, 4, 1, 0, 0, 1",
  })
  void outputExtents(int in, int kernel, int stride, int dilation, int before, int after, int out) {
    Window tall = new Window(kernel, 1, stride, 1, dilation, 1, before, 0, after, 0);
    Window wide = new Window(1, kernel, 1, stride, 1, dilation, 0, before, 0, after);
    assertEquals(out, tall.outHeight(in));
    assertEquals(3, tall.outWidth(3));
    assertEquals(out, wide.outWidth(in));
    assertEquals(3, wide.outHeight(3));
    // By definition: as many positions as the dilated kernel has within the padded input.
    int positions = 0;
    for (int at = -before; at + dilation * (kernel - 1) < in + after; at += stride) {
      positions++;
    }
    assertEquals(out, positions);
  }

  @Test
  void windowsRefuse() {
    refused("kernel height must be at least 1, not 0", () -> Window.of(0, 1));
    refused("kernel width must be at least 1, not -1", () -> Window.of(-1));
    Window w = Window.of(3, 3);
    refused("stride height must be at least 1, not 0", () -> w.withStride(0));
    refused("stride width must be at least 1, not 0", () -> w.withStrides(1, 0));
    refused("dilation height must be at least 1, not 0", () -> w.withDilations(0, 1));
    refused("dilation width must be at least 1, not 0", () -> w.withDilations(1, 0));
    refused("top padding must be at least 0, not -1", () -> w.withPadding(-1));
    refused("left padding must be at least 0, not -1", () -> w.withPadding(0, -1, 0, 0));
    refused("bottom padding must be at least 0, not -1", () -> w.withPadding(0, 0, -1, 0));
    refused("right padding must be at least 0, not -1", () -> w.withPadding(0, 0, 0, -1));
    refused("padded image height 2 is smaller than the dilated kernel's 3", () -> w.outHeight(2));
    refused(
        "padded image width 6 is smaller than the dilated kernel's 7",
        () -> w.withDilations(1, 3).withPadding(0, 1, 0, 1).outWidth(4));
    refused("image height must be at least 1, not 0", () -> w.withPadding(5).outHeight(0));
    int huge = Integer.MAX_VALUE;
    assertEquals(huge, Window.of(1).outWidth(huge), "the largest there is");
    refused(
        "output width 6442450941 is too large",
        () -> Window.of(1).withPadding(0, huge, 0, huge).outWidth(huge));
    refused(
        "padded image width 5 is smaller than the dilated kernel's 4611686011984936963",
        () -> Window.of(huge).withDilations(1, huge).outWidth(5));
  }

  @Test
  void windowsAreRefinedOneThingAtATime() {
    assertEquals(
        new Window(3, 5, 2, 4, 6, 7, 1, 2, 8, 9),
        Window.of(3, 5).withStrides(2, 4).withDilations(6, 7).withPadding(1, 2, 8, 9));
    assertEquals(new Window(1, 5, 1, 1, 1, 1, 0, 0, 0, 0), Window.of(5));
    assertEquals(
        new Window(2, 2, 3, 3, 1, 1, 4, 4, 4, 4), Window.of(2, 2).withStride(3).withPadding(4));
  }

  // ---- shapes and strides

  @Test
  void negativeExtentsAndStridesAreRefused() {
    Strides s = new Strides(0, 0, 0, 0);
    refused("m must be at least 0, not -1", () -> new Shape.Rows(-1, 0, 0));
    refused("lhs stride must be at least 0, not -1", () -> new Shape.Rows(0, -1, 0));
    refused("dst stride must be at least 0, not -1", () -> new Shape.Rows(0, 0, -1));
    refused("batch must be at least 0, not -1", () -> new Shape.Image(-1, 1, 1, s, s));
    refused("image height must be at least 1, not 0", () -> new Shape.Image(1, 0, 1, s, s));
    refused("image width must be at least 1, not 0", () -> new Shape.Image(1, 1, 0, s, s));
    assertThrows(NullPointerException.class, () -> new Shape.Image(1, 1, 1, null, s));
    assertThrows(NullPointerException.class, () -> new Shape.Image(1, 1, 1, s, null));
    refused("outer must be at least 0, not -1", () -> new Shape.Elements(-1, 0, 0, 0));
    refused("inner must be at least 0, not -1", () -> new Shape.Elements(0, -1, 0, 0));
    refused("input stride must be at least 0, not -1", () -> new Shape.Elements(0, 0, -1, 0));
    refused("output stride must be at least 0, not -1", () -> new Shape.Elements(0, 0, 0, -1));
    refused("image stride must be at least 0, not -1", () -> new Strides(-1, 0, 0, 0));
    refused("row stride must be at least 0, not -1", () -> new Strides(0, -1, 0, 0));
    refused("column stride must be at least 0, not -1", () -> new Strides(0, 0, -1, 0));
    refused("channel stride must be at least 0, not -1", () -> new Strides(0, 0, 0, -1));
  }

  @Test
  void denseStridesOverflowWithAClearError() {
    int huge = Integer.MAX_VALUE;
    refused(
        "row bytes overflows: 2147483647 · 8589934588", () -> Strides.nhwc(huge, huge, huge, 4));
  }

  // ---- weights

  /** Element [o, h, w, i] numbered in each order: 2 filters of 3×4×5, or of a matrix 2×5. */
  @Test
  void weightsLieAsTheirNameSays() {
    ConvSpec spec = ConvSpec.of(5, 2, Window.of(3, 4));
    MemorySegment data = MemorySegment.ofArray(new byte[2 * 3 * 4 * 5]);
    Weights ohwi = Weights.ohwi(data, spec);
    Weights oihw = Weights.oihw(data, spec);
    Weights hwio = Weights.hwio(data, spec);
    for (int o = 0; o < 2; o++) {
      for (int h = 0; h < 3; h++) {
        for (int w = 0; w < 4; w++) {
          for (int i = 0; i < 5; i++) {
            assertEquals(((o * 3 + h) * 4 + w) * 5 + i, ohwi.offset(o, h, w, i));
            assertEquals(((o * 5 + i) * 3 + h) * 4 + w, oihw.offset(o, h, w, i));
            assertEquals(((h * 4 + w) * 5 + i) * 2 + o, hwio.offset(o, h, w, i));
          }
        }
      }
    }
    assertEquals(1 * 5 + 3, Weights.rowsOfK(data, 5).offset(1, 0, 0, 3));
    assertEquals(3 * 2 + 1, Weights.rowsOfN(data, 2).offset(1, 0, 0, 3));
  }

  /** Filters of a group see the channels of the group only. */
  @Test
  void groupedFiltersAreAsDeepAsTheirGroup() {
    ConvSpec spec = ConvSpec.of(6, 4, Window.of(2, 2)).withGroups(2);
    MemorySegment data = MemorySegment.ofArray(new byte[4 * 2 * 2 * 3]);
    assertEquals(12, Weights.ohwi(data, spec).outStride());
    assertEquals(12, Weights.oihw(data, spec).outStride());
    assertEquals(12, Weights.hwio(data, spec).widthStride());
    ConvSpec depthwise = ConvSpec.of(6, 12, Window.of(2, 2)).withGroups(6);
    assertEquals(new Weights(data, 1, 24, 12, 12, Bias.none()), Weights.hwio(data, depthwise));
  }

  @Test
  void weightsRefuse() {
    MemorySegment data = MemorySegment.ofArray(new byte[1]);
    refused("output channel stride must be at least 0, not -1", () -> Weights.rowsOfK(data, -1));
    refused("input channel stride must be at least 0, not -1", () -> Weights.rowsOfN(data, -1));
    refused(
        "filter row stride must be at least 0, not -2",
        () -> new Weights(data, 0, -2, 0, 0, Bias.none()));
    refused(
        "filter column stride must be at least 0, not -2",
        () -> new Weights(data, 0, 0, -2, 0, Bias.none()));
    assertThrows(NullPointerException.class, () -> Weights.rowsOfK(null, 1));
    assertThrows(NullPointerException.class, () -> Weights.rowsOfK(data, 1).withBias(null));
    Bias bias = Bias.of(1, 2);
    assertEquals(bias, Weights.rowsOfK(data, 1).withBias(bias).bias());
  }

  // ---- the law of packed weights

  /** n = 5, k = 5; panels of 4 columns, blocks of 2, the last panel rounded up to 2 columns. */
  @Test
  void aPackedMatrixByHand() {
    PackedLayout law = new PackedLayout(4, 2, 2, 5, 5, 6, 64, 1000, 24, 0);
    // Panel 0: blocks of 4 columns · 2 = 8 bytes. Panel 1, columns 4 and 5: blocks of 4 bytes.
    assertEquals(64, law.offset(0, 0));
    assertEquals(65, law.offset(0, 1));
    assertEquals(66, law.offset(1, 0));
    assertEquals(71, law.offset(3, 1));
    assertEquals(72, law.offset(0, 2));
    assertEquals(64 + 16 + 6, law.offset(3, 4));
    assertEquals(64 + 24, law.offset(4, 0));
    assertEquals(64 + 24 + 4 + 1, law.offset(4, 3));
  }

  /** Runs are padded one by one: with 3 elements in 4 the second run begins at a new block. */
  @Test
  void runsAreRoundedUpOneByOne() {
    PackedLayout law = new PackedLayout(2, 4, 1, 2, 3, 4, 0, 100, 100, 0x80);
    assertEquals(2, law.offset(0, 2));
    assertEquals(8, law.offset(0, 3));
    assertEquals(4 + 8 + 2, law.offset(1, 5));
  }

  @Test
  void groupsBeginANewPanel() {
    PackedLayout law = new PackedLayout(4, 1, 4, 3, 2, 2, 0, 8, 8, 0);
    assertEquals(2, law.offset(2, 0));
    assertEquals(8, law.offset(3, 0));
    assertEquals(8 + 4 + 1, law.offset(4, 1));
  }

  /** Whatever the parameters, no two elements share a byte, and none leaves the packed size. */
  @Test
  void elementsNeverShareAByte() {
    for (int nr : new int[] {1, 3, 16}) {
      for (int kr : new int[] {1, 4}) {
        for (int quantum : new int[] {1, 2, 16}) {
          for (int group : new int[] {1, 5, 17}) {
            for (int run : new int[] {1, 3, 8}) {
              distinct(nr, kr, quantum, group, run);
            }
          }
        }
      }
    }
  }

  private static void distinct(int nr, int kr, int quantum, int group, int run) {
    int runs = 3;
    int packed = (run + kr - 1) / kr * kr;
    long panel = (long) nr * packed * runs;
    long groupBytes = (group + nr - 1) / nr * panel;
    PackedLayout law =
        new PackedLayout(nr, kr, quantum, group, run, packed, 7, groupBytes, panel, 0);
    Set<Long> seen = new HashSet<>();
    for (int n = 0; n < 2 * group; n++) {
      for (int k = 0; k < runs * run; k++) {
        long offset = law.offset(n, k);
        assertTrue(offset >= 7 && offset < 7 + 2 * groupBytes, () -> law + " " + offset);
        assertTrue(seen.add(offset), () -> law + " shares " + offset);
      }
    }
  }

  @Test
  void largeOffsetsDoNotOverflow() {
    PackedLayout law =
        new PackedLayout(16, 4, 16, 1 << 30, 1 << 20, 1 << 20, 0, 1L << 50, 16L << 20, 0);
    assertEquals(((1L << 20) - 1) * (16L << 20), law.offset(((1 << 20) - 1) * 16, 0));
    assertEquals(1L << 50, law.offset(1 << 30, 0));
    PackedLayout deep =
        new PackedLayout(1 << 16, 1 << 15, 1, 1 << 16, 1 << 20, 1 << 20, 0, 0, 0, 0);
    assertEquals((1L << 31) - (1 << 15), deep.offset((1 << 16) - 1, 0));
  }

  @Test
  void layoutsRefuse() {
    refused("nr must be at least 1, not 0", () -> new PackedLayout(0, 1, 1, 1, 1, 1, 0, 0, 0, 0));
    refused("kr must be at least 1, not 0", () -> new PackedLayout(1, 0, 1, 1, 1, 1, 0, 0, 0, 0));
    refused(
        "packed run must be at least 3, not 2",
        () -> new PackedLayout(1, 1, 1, 1, 3, 2, 0, 0, 0, 0));
    refused("flip must be 0 or 128, not 1", () -> new PackedLayout(1, 1, 1, 1, 1, 1, 0, 0, 0, 1));
  }
}
