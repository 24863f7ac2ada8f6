package dev.octavo.bench.problem;

import dev.octavo.Window;

/**
 * A 2-D convolution. Depthwise is {@code groups == channels}.
 *
 * @param batch images
 * @param channels input channels
 * @param height rows of the input image, without padding
 * @param width columns of the input image, without padding
 * @param outChannels output channels
 * @param window kernel, strides, dilations and padding
 * @param groups divides both kinds of channels
 */
public record Conv(
    int batch, int channels, int height, int width, int outChannels, Window window, int groups)
    implements Problem {

  public Conv {
    Extents.atLeast(1, batch, "N");
    Extents.atLeast(1, channels, "C");
    Extents.atLeast(1, height, "H");
    Extents.atLeast(1, width, "W");
    Extents.atLeast(1, outChannels, "OC");
    Extents.atLeast(1, groups, "groups");
    if (channels % groups != 0 || outChannels % groups != 0) {
      throw new IllegalArgumentException(
          "groups %d must divide the input channels %d and the output channels %d"
              .formatted(groups, channels, outChannels));
    }
    Extents.fits((long) batch * channels * height, (long) width, "N·C·H·W");
    Extents.fits(
        (long) batch * outChannels * window.outHeight(height), window.outWidth(width), "output");
    Extents.fits(
        (long) outChannels * (channels / groups) * window.kernelHeight(),
        window.kernelWidth(),
        "weights");
  }

  public int outHeight() {
    return window.outHeight(height);
  }

  public int outWidth() {
    return window.outWidth(width);
  }

  /** Input channels that one filter reads. */
  public int groupChannels() {
    return channels / groups;
  }

  /** Products in each sum: taps times the channels of a group. */
  public int depth() {
    return groupChannels() * window.kernelHeight() * window.kernelWidth();
  }

  public boolean isDepthwise() {
    return groups > 1 && groups == channels;
  }

  @Override
  public String kind() {
    return "conv";
  }

  @Override
  public String text() {
    Window w = window;
    String text =
        "%d,%d,%d,%d,%d,%d,%d,%s,%s"
            .formatted(
                batch,
                channels,
                height,
                width,
                outChannels,
                w.kernelHeight(),
                w.kernelWidth(),
                pair(w.strideHeight(), w.strideWidth()),
                padding(w));
    boolean dilated = w.dilationHeight() != 1 || w.dilationWidth() != 1;
    if (dilated) {
      return text + "," + groups + "," + pair(w.dilationHeight(), w.dilationWidth());
    }
    return groups == 1 ? text : text + "," + groups;
  }

  private static String padding(Window w) {
    int top = w.padTop();
    return top == w.padLeft() && top == w.padBottom() && top == w.padRight()
        ? Integer.toString(top)
        : top + ":" + w.padLeft() + ":" + w.padBottom() + ":" + w.padRight();
  }

  private static String pair(int height, int width) {
    return height == width ? Integer.toString(height) : height + ":" + width;
  }

  @Override
  public long multiplyAdds() {
    return outputElements() * depth();
  }

  @Override
  public long weights() {
    return (long) outChannels * depth();
  }

  @Override
  public long inputElements() {
    return (long) batch * channels * height * width;
  }

  @Override
  public long outputElements() {
    return (long) batch * outChannels * outHeight() * outWidth();
  }

  @Override
  public int outputChannels() {
    return outChannels;
  }
}
