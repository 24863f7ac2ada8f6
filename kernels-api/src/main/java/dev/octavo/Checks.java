package dev.octavo;

import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small argument checks shared by the specs. Each throws {@link IllegalArgumentException}. */
final class Checks {
  private Checks() {}

  static int atLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be at least " + least + ", not " + value);
    }
    return value;
  }

  static long atLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be at least " + least + ", not " + value);
    }
    return value;
  }

  static void perChannel(String what, int count, int channels) {
    if (count != 1 && count != channels) {
      throw new IllegalArgumentException(
          "there must be 1 or " + channels + " " + what + ", not " + count);
    }
  }

  static void clamp(ElementType type, int min, int max) {
    type.requireInRange("clamp minimum", min);
    type.requireInRange("clamp maximum", max);
    if (min > max) {
      throw new IllegalArgumentException("clamp minimum " + min + " is above maximum " + max);
    }
  }

  /** The product of extents or byte sizes; a clear error where it leaves 63 bits. */
  static long product(String what, long a, long b) {
    long product = a * b;
    if (Math.multiplyHigh(a, b) != product >> 63) {
      throw new IllegalArgumentException(what + " overflows: " + a + " · " + b);
    }
    return product;
  }

  static long product(String what, long a, long b, long c) {
    return product(what, product(what, a, b), c);
  }

  /** How many channels scales and zero points are for, where one goes for all. */
  static int channels(Scales scales, ZeroPoints zeroPoints) {
    int s = Objects.requireNonNull(scales, "scales").count();
    int z = Objects.requireNonNull(zeroPoints, "zeroPoints").count();
    if (s != z && s != 1 && z != 1) {
      throw new IllegalArgumentException(s + " scales but " + z + " zero points");
    }
    return Math.max(s, z);
  }

  /** The sum of byte sizes, none of them negative; a clear error where it leaves 63 bits. */
  static long sum(String what, long a, long b) {
    long sum = a + b;
    if (sum < 0) {
      throw new IllegalArgumentException(what + " overflows: " + a + " + " + b);
    }
    return sum;
  }

  static long sum(String what, long a, long b, long c, long d, long e) {
    return sum(what, sum(what, sum(what, a, b), sum(what, c, d)), e);
  }

  /** A list for people: at most six values. */
  static String abbreviate(int count, IntFunction<String> value) {
    String shown =
        IntStream.range(0, Math.min(count, 6)).mapToObj(value).collect(Collectors.joining(", "));
    return "[" + shown + (count > 6 ? ", … " + count + " values" : "") + "]";
  }
}
