package dev.octavo.bench.measure;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;

/**
 * A problem with a single output channel in place of all, for the checks: its filter spans all
 * input channels, whatever the groups were. A product is the convolution of {@code m} pixels of
 * {@code k} channels with a 1×1 filter.
 */
final class Lines {

  private final Conv conv;

  Lines(Problem problem) {
    conv =
        switch (problem) {
          case Gemm g -> new Conv(1, g.k(), 1, g.m(), g.n(), Window.of(1, 1), 1);
          case Conv c -> c;
        };
  }

  Conv conv() {
    return conv;
  }

  /** Output pixels. */
  int rows() {
    return conv.batch() * conv.outHeight() * conv.outWidth();
  }

  /** Elements of the one filter: taps times all input channels. */
  int filterElements() {
    return conv.window().kernelHeight() * conv.window().kernelWidth() * conv.channels();
  }

  /** Where an element of output channel {@code o}'s filter is added in the one filter. */
  int filterIndex(int o, int r, int s, int i) {
    int group = o / (conv.outChannels() / conv.groups());
    int channel = group * conv.groupChannels() + i;
    return (r * conv.window().kernelWidth() + s) * conv.channels() + channel;
  }

  /** What is done with the part of an input line that lies under a line of taps. */
  interface Piece {
    /**
     * @param input index of the first input element
     * @param filter index of the first filter element
     * @param count elements in a row of both
     */
    void add(int input, int filter, int count);
  }

  /**
   * Calls {@code piece} for every piece of the image under the filter at output pixel {@code row}.
   */
  void forEachPiece(int row, Piece piece) {
    Window w = conv.window();
    int perImage = conv.outHeight() * conv.outWidth();
    int top = row % perImage / conv.outWidth() * w.strideHeight() - w.padTop();
    int left = row % conv.outWidth() * w.strideWidth() - w.padLeft();
    int image = row / perImage * conv.height();
    for (int r = 0; r < w.kernelHeight(); r++) {
      int y = top + r * w.dilationHeight();
      for (int s = 0; s < w.kernelWidth(); s++) {
        int x = left + s * w.dilationWidth();
        if (y >= 0 && y < conv.height() && x >= 0 && x < conv.width()) {
          piece.add(
              ((image + y) * conv.width() + x) * conv.channels(),
              (r * w.kernelWidth() + s) * conv.channels(),
              conv.channels());
        }
      }
    }
  }
}
