package dev.octavo.bench.models;

import dev.octavo.Window;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a layer list. A line is either about the model,
 *
 * <pre>
 * name       VGG-16
 * input      224x224x3                    rows x columns x channels
 * source     the paper
 * published  138M parameters  where       any number of lines
 * </pre>
 *
 * or a layer: its name, its operation, a size, and options. A layer takes what the line above it
 * made, unless {@code in=layer} says otherwise.
 *
 * <pre>
 * conv       KHxKWxOC   stride=1 pad=0 groups=1, bias | bn
 * depthwise  KHxKW      stride=1 pad=0, bias | bn; as many channels as came in
 * dense      OC         bias; all of the image is one row
 * linear     OC         bias; each pixel is a row
 * attention             each pixel with each, and with the sum of all: no weights
 * embed      ROWS       a table of so many rows as wide as there are channels
 * norm                  a scale and a shift for each channel
 * first                 only the first pixel goes on
 * maxpool    KHxKW      stride=1 pad=0     avgpool likewise
 * upsample   HxW        factors
 * add                   with=layer         same extents
 * concat                with=layer         along the channels
 * </pre>
 *
 * {@code #} begins a comment. Activation functions are left out: they cost no multiply-add, and a
 * quantized layer has them for free in its clamp.
 */
final class ModelReader {

  private String name;
  private String source;
  private Extent input;
  private Extent current;
  private final List<Published> published = new ArrayList<>();
  private final Map<String, Layer> layers = new LinkedHashMap<>();

  /** Reads {@code text}; {@code input} if not null replaces the extent that the text gives. */
  static Model read(String text, Extent input) {
    ModelReader reader = new ModelReader();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      try {
        reader.line(line.replaceFirst("(^|\\s)#.*", "").strip(), input);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line %d: %s".formatted(number, e.getMessage()), e);
      }
    }
    if (reader.name == null || reader.source == null || reader.layers.isEmpty()) {
      throw new IllegalArgumentException("a model needs a name, a source and layers");
    }
    return new Model(
        reader.name,
        reader.source,
        reader.published,
        reader.input,
        List.copyOf(reader.layers.values()));
  }

  private void line(String line, Extent replacement) {
    if (line.isEmpty()) {
      return;
    }
    String[] words = line.split("\\s+", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "name" -> name = rest;
      case "source" -> source = rest;
      case "published" -> published.add(Published.parse(rest));
      case "input" -> {
        int[] e = sizes(rest, 3);
        input = replacement == null ? new Extent(e[0], e[1], e[2]) : replacement;
        current = input;
      }
      default -> layer(words[0], rest.split("\\s+"));
    }
  }

  private void layer(String layerName, String[] words) {
    if (current == null) {
      throw new IllegalArgumentException("layer \"%s\" before any input".formatted(layerName));
    }
    if (layers.containsKey(layerName)) {
      throw new IllegalArgumentException("layer \"%s\" appears twice".formatted(layerName));
    }
    Options options = new Options(words);
    Extent in = options.layer("in").map(Layer::out).orElse(current);
    String size = options.size();
    Layer layer =
        switch (words[0]) {
          case "conv" -> convolution(layerName, in, sizes(size, 3), options);
          case "depthwise" -> {
            int[] k = sizes(size, 2);
            options.set("groups", in.channels());
            yield convolution(layerName, in, new int[] {k[0], k[1], in.channels()}, options);
          }
          case "dense" -> dense(layerName, in, sizes(size, 1)[0], options);
          case "linear" -> linear(layerName, in, sizes(size, 1)[0], options);
          case "attention" -> Layer.attention(layerName, in);
          case "embed" -> Layer.other(layerName, words[0], in, in, sizes(size, 1)[0]);
          case "norm" -> Layer.other(layerName, words[0], in, in, 2);
          case "first" -> Layer.other(layerName, words[0], in, new Extent(1, 1, in.channels()), 0);
          case "maxpool", "avgpool" -> {
            int[] k = sizes(size, 2);
            Window w = options.window(k[0], k[1]);
            yield other(layerName, words[0], in, w.outHeight(in.height()), w.outWidth(in.width()));
          }
          case "upsample" -> {
            int[] f = sizes(size, 2);
            yield other(layerName, words[0], in, in.height() * f[0], in.width() * f[1]);
          }
          case "add" -> Layer.other(layerName, words[0], in, same(in, options.with(), true), 0);
          case "concat" -> {
            int channels = in.channels() + same(in, options.with(), false).channels();
            Extent out = new Extent(in.height(), in.width(), channels);
            yield Layer.other(layerName, words[0], in, out, 0);
          }
          default ->
              throw new IllegalArgumentException("unknown operation \"%s\"".formatted(words[0]));
        };
    options.noneLeft();
    layers.put(layerName, layer);
    current = layer.out();
  }

  private static Layer convolution(String name, Extent in, int[] size, Options options) {
    Window window = options.window(size[0], size[1]);
    Problem problem =
        new Conv(
            1,
            in.channels(),
            in.height(),
            in.width(),
            size[2],
            window,
            options.number("groups", 1));
    Extent out = new Extent(window.outHeight(in.height()), window.outWidth(in.width()), size[2]);
    String operation = ((Conv) problem).isDepthwise() ? "depthwise" : "conv";
    return Layer.of(name, operation, in, out, problem, options.perChannel());
  }

  private static Layer dense(String name, Extent in, int outputs, Options options) {
    Problem problem = new Gemm(1, outputs, Math.toIntExact(in.elements()));
    return Layer.of(name, "dense", in, new Extent(1, 1, outputs), problem, options.perChannel());
  }

  private static Layer linear(String name, Extent in, int outputs, Options options) {
    Problem problem = new Gemm(in.height() * in.width(), outputs, in.channels());
    Extent out = new Extent(in.height(), in.width(), outputs);
    return Layer.of(name, "linear", in, out, problem, options.perChannel());
  }

  /** A layer without parameters that keeps the channels. */
  private static Layer other(String name, String operation, Extent in, int height, int width) {
    return Layer.other(name, operation, in, new Extent(height, width, in.channels()), 0);
  }

  private static Extent same(Extent in, Extent with, boolean channelsToo) {
    if (in.height() != with.height()
        || in.width() != with.width()
        || (channelsToo && in.channels() != with.channels())) {
      throw new IllegalArgumentException("extents %s and %s do not meet".formatted(in, with));
    }
    return with;
  }

  private static int[] sizes(String text, int count) {
    String[] parts = text.split("x");
    if (parts.length != count) {
      throw new IllegalArgumentException(
          "expected %d numbers joined by x, got \"%s\"".formatted(count, text));
    }
    int[] sizes = new int[count];
    for (int i = 0; i < count; i++) {
      sizes[i] = positive(parts[i]);
    }
    return sizes;
  }

  private static int positive(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("expected a whole number, got \"%s\"".formatted(text));
    }
    return Integer.parseInt(text);
  }

  /**
   * What follows the operation: a size, {@code key=value} pairs, and {@code bias} or {@code bn}.
   */
  private final class Options {
    private final Map<String, String> left = new LinkedHashMap<>();
    private String size = "";

    Options(String[] words) {
      for (int i = 1; i < words.length; i++) {
        String[] pair = words[i].split("=", 2);
        if (i == 1 && pair.length == 1 && Character.isDigit(words[1].charAt(0))) {
          size = words[1];
        } else if (left.put(pair[0], pair.length > 1 ? pair[1] : "") != null) {
          throw new IllegalArgumentException("option \"%s\" appears twice".formatted(pair[0]));
        }
      }
    }

    String size() {
      return size;
    }

    void set(String key, int value) {
      left.put(key, Integer.toString(value));
    }

    int number(String key, int otherwise) {
      String value = left.remove(key);
      return value == null ? otherwise : positive(value);
    }

    Window window(int kernelHeight, int kernelWidth) {
      return Window.of(kernelHeight, kernelWidth)
          .withStride(number("stride", 1))
          .withPadding(number("pad", 0));
    }

    int perChannel() {
      if (left.remove("bn") != null) {
        return 2;
      }
      return left.remove("bias") != null ? 1 : 0;
    }

    Optional<Layer> layer(String key) {
      String wanted = left.remove(key);
      if (wanted != null && !layers.containsKey(wanted)) {
        throw new IllegalArgumentException("no layer \"%s\" above".formatted(wanted));
      }
      return Optional.ofNullable(wanted).map(layers::get);
    }

    Extent with() {
      return layer("with")
          .map(Layer::out)
          .orElseThrow(() -> new IllegalArgumentException("expected with=layer"));
    }

    void noneLeft() {
      if (!left.isEmpty()) {
        throw new IllegalArgumentException("unknown options %s".formatted(left.keySet()));
      }
    }
  }
}
