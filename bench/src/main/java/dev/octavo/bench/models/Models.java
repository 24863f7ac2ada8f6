package dev.octavo.bench.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The networks that come with the bench. */
public final class Models {

  /** File names, in the order in which reports show them. */
  public static final List<String> NAMES =
      List.of(
          "vgg16", "alexnet", "resnet-50", "yolov3", "mobilenet-v1", "mobilenet-v2", "bert-base");

  private Models() {}

  /** All networks at the input size of their papers. */
  public static List<Model> all() {
    return NAMES.stream().map(Models::named).toList();
  }

  /** The network of the file {@code name.txt}. */
  public static Model named(String name) {
    return named(name, null);
  }

  /** The same, for another size of image; null keeps the paper's. */
  public static Model named(String name, Extent input) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "no model \"%s\"; there are %s".formatted(name, String.join(", ", NAMES)));
    }
    return ModelReader.read(text(name), input);
  }

  private static String text(String name) {
    try (InputStream in = Models.class.getResourceAsStream(name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
