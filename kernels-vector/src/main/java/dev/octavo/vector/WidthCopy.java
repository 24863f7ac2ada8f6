package dev.octavo.vector;

import static java.lang.constant.ConstantDescs.DEFAULT_NAME;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import jdk.incubator.vector.VectorShape;

/**
 * One copy of a class for each vector width.
 *
 * <p>The compiler turns a Vector API loop into instructions only if the species is a constant to
 * it, which means a {@code static final} field of the class that loops. A species that is passed as
 * an argument makes every vector an object, a hundred times slower. So three widths need three
 * classes. Written by hand they would differ in one line each; instead each class of loops is
 * written once, says
 *
 * <pre>
 *   private static final VectorShape SHAPE = WidthCopy.shape(MethodHandles.lookup());
 * </pre>
 *
 * and is loaded once per width, as a hidden class whose class data is the width. The copies share
 * nothing, not even profiles. They are reached through an interface, once per row or panel, never
 * per vector.
 *
 * <p>A class that is copied may not have nested classes or lambdas: those would belong to the
 * original. And it has <b>no method that takes or gives a vector</b>. The compiler inlines the
 * methods of the Vector API at any cost, but ours at its discretion: not if it has already compiled
 * the method by itself into more than InlineSmallCode bytes, which depends on what ran first, nor
 * once it has met NodeCountInliningCutoff. Then every vector that crosses the call is an object, in
 * every run, for as long as the JVM lives. So what loops share, they share as text.
 */
final class WidthCopy {
  /** What the copies of a class differ in. */
  private record Traits(int bits, int step) {}

  private WidthCopy() {}

  /** A new instance of the copy of {@code original} for this width. */
  static <T> T of(Class<T> type, Class<? extends T> original, int bits) {
    return of(type, original, bits, 1);
  }

  /** The same where the class has a {@link #step}. */
  static <T> T of(Class<T> type, Class<? extends T> original, int bits, int step) {
    String file = original.getSimpleName() + ".class";
    try (InputStream in = original.getResourceAsStream(file)) {
      MethodHandles.Lookup copy =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(in.readAllBytes(), new Traits(bits, step), true);
      return type.cast(
          copy.findConstructor(
                  copy.lookupClass(), java.lang.invoke.MethodType.methodType(void.class))
              .invoke());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot copy " + original + " for " + bits + " bits", e);
    }
  }

  /** The shape of the vectors of the class that asks. */
  static VectorShape shape(MethodHandles.Lookup self) {
    return traits(self)
        .map(t -> VectorShape.forBitSize(t.bits()))
        .orElseGet(VectorShape::preferredShape);
  }

  /** How far an entry of a table of channels moves from one element to the next: 1, or 0. */
  static int step(MethodHandles.Lookup self) {
    return traits(self).map(Traits::step).orElse(1);
  }

  /** Of a copy; the original has none. */
  private static Optional<Traits> traits(MethodHandles.Lookup self) {
    try {
      return Optional.ofNullable(MethodHandles.classData(self, DEFAULT_NAME, Traits.class));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The shape of the bytes that widen to a vector of ints: a quarter, but at least the narrowest
   * shape there is, of which only the first half counts then.
   */
  static VectorShape quarter(VectorShape shape) {
    return VectorShape.forBitSize(Math.max(64, shape.vectorBitSize() / 4));
  }

  /** Half a shape: as many ints as a whole one has longs or doubles. */
  static VectorShape half(VectorShape shape) {
    return VectorShape.forBitSize(shape.vectorBitSize() / 2);
  }
}
