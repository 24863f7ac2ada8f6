package dev.octavo.bench.problem;

import dev.octavo.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Shapes as they are written on the command line and in results.
 *
 * <pre>
 * gemm   M,N,K
 * conv   N,C,H,W,OC,KH,KW,stride,pad[,groups[,dilation]]
 * pad    one number | top:left:bottom:right
 * stride, dilation   one number | height:width
 * list   shape;shape;…
 * </pre>
 *
 * Blanks around numbers are allowed. Scripts rely on this grammar: it may grow, never change.
 */
public final class ShapeGrammar {

  private static final String CONV = "N,C,H,W,OC,KH,KW,stride,pad[,groups[,dilation]]";

  private ShapeGrammar() {}

  /** A shape with the text it was read from, which results repeat as given. */
  public record Given(String text, Problem problem) {}

  /** Reads {@code M,N,K;…}. */
  public static List<Given> gemms(String text) {
    return list("gemm", text, ShapeGrammar::gemm);
  }

  /** Reads {@code N,C,H,W,OC,KH,KW,stride,pad[,groups[,dilation]];…}. */
  public static List<Given> convs(String text) {
    return list("conv", text, ShapeGrammar::conv);
  }

  private static List<Given> list(String kind, String text, Function<String, Problem> one) {
    List<Given> shapes = new ArrayList<>();
    for (String part : text.split(";")) {
      String shape = part.strip();
      if (shape.isEmpty()) {
        continue; // a trailing semicolon is no mistake
      }
      try {
        shapes.add(new Given(shape, one.apply(shape)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s \"%s\": %s".formatted(kind, shape, e.getMessage()), e);
      }
    }
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("%s \"%s\": no shape given".formatted(kind, text));
    }
    return shapes;
  }

  private static Gemm gemm(String text) {
    String[] f = text.split(",", -1);
    if (f.length != 3) {
      throw new IllegalArgumentException("expected M,N,K, got %d numbers".formatted(f.length));
    }
    return new Gemm(number(f[0], "M"), number(f[1], "N"), number(f[2], "K"));
  }

  private static Conv conv(String text) {
    String[] f = text.split(",", -1);
    if (f.length < 9 || f.length > 11) {
      throw new IllegalArgumentException("expected %s, got %d fields".formatted(CONV, f.length));
    }
    int[] stride = pair(f[7], "stride");
    int[] dilation = f.length > 10 ? pair(f[10], "dilation") : new int[] {1, 1};
    int[] pad = padding(f[8]);
    Window window =
        Window.of(number(f[5], "KH"), number(f[6], "KW"))
            .withStrides(stride[0], stride[1])
            .withDilations(dilation[0], dilation[1])
            .withPadding(pad[0], pad[1], pad[2], pad[3]);
    return new Conv(
        number(f[0], "N"),
        number(f[1], "C"),
        number(f[2], "H"),
        number(f[3], "W"),
        number(f[4], "OC"),
        window,
        f.length > 9 ? number(f[9], "groups") : 1);
  }

  private static int[] padding(String text) {
    String[] f = text.split(":", -1);
    return switch (f.length) {
      case 1 -> {
        int pad = number(f[0], "pad");
        yield new int[] {pad, pad, pad, pad};
      }
      case 4 ->
          new int[] {
            number(f[0], "pad top"),
            number(f[1], "pad left"),
            number(f[2], "pad bottom"),
            number(f[3], "pad right")
          };
      default ->
          throw new IllegalArgumentException(
              "pad must be one number or top:left:bottom:right, got \"%s\""
                  .formatted(text.strip()));
    };
  }

  private static int[] pair(String text, String name) {
    String[] f = text.split(":", -1);
    return switch (f.length) {
      case 1 -> new int[] {number(f[0], name), number(f[0], name)};
      case 2 -> new int[] {number(f[0], name + " height"), number(f[1], name + " width")};
      default ->
          throw new IllegalArgumentException(
              "%s must be one number or height:width, got \"%s\"".formatted(name, text.strip()));
    };
  }

  private static int number(String text, String name) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s must be a whole number, got \"%s\"".formatted(name, text.strip()), e);
    }
  }
}
