package dev.octavo.bench.problem;

import dev.octavo.ElementType;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number formats of a problem: {@code u8s8s32} multiplies u8 activations with s8 weights into
 * int32; {@code u8s8u8} requantizes the sums to u8; {@code f32} is the float32 baseline.
 *
 * @param lhs format of the activations
 * @param rhs format of the weights
 * @param dst format of the result
 */
public record Variant(ElementType lhs, ElementType rhs, ElementType dst) {

  public static final Variant U8S8S32 =
      new Variant(ElementType.U8, ElementType.S8, ElementType.S32);
  public static final Variant S8S8S32 =
      new Variant(ElementType.S8, ElementType.S8, ElementType.S32);
  public static final Variant U8S8U8 = new Variant(ElementType.U8, ElementType.S8, ElementType.U8);
  public static final Variant S8S8S8 = new Variant(ElementType.S8, ElementType.S8, ElementType.S8);
  public static final Variant F32 = new Variant(ElementType.F32, ElementType.F32, ElementType.F32);

  /** What {@code octavo time} measures when nothing else is asked for. */
  public static final List<Variant> USUAL = List.of(U8S8S32, S8S8S32, U8S8U8, S8S8S8, F32);

  private static final Pattern GRAMMAR = Pattern.compile("([us]8)([us]8)(s32|u8|s8|f32)");

  public Variant {
    boolean floats = lhs == ElementType.F32 && rhs == ElementType.F32 && dst == ElementType.F32;
    if (!floats && !(lhs.is8Bit() && rhs.is8Bit())) {
      throw new IllegalArgumentException(
          "no variant multiplies %s with %s".formatted(lhs.code(), rhs.code()));
    }
  }

  public boolean isFloat32() {
    return lhs == ElementType.F32;
  }

  /** True when the int32 sums are narrowed to a byte by a rounding recipe. */
  public boolean isRequantized() {
    return dst.is8Bit();
  }

  /** Reads {@code f32} or three formats in a row, as {@link #toString()} writes them. */
  public static Variant parse(String text) {
    String t = text.strip().toLowerCase(Locale.ROOT);
    if (t.equals("f32")) {
      return F32;
    }
    Matcher m = GRAMMAR.matcher(t);
    if (m.matches()) {
      return new Variant(type(m.group(1)), type(m.group(2)), type(m.group(3)));
    }
    throw new IllegalArgumentException(
        "variant \"%s\" is unknown: expected f32, or activations (u8|s8), weights (u8|s8) and result"
                .formatted(text.strip())
            + " (s32|u8|s8|f32) in a row, such as u8s8s32");
  }

  private static ElementType type(String text) {
    return ElementType.valueOf(text.toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return isFloat32() ? "f32" : lhs.code() + rhs.code() + dst.code();
  }
}
