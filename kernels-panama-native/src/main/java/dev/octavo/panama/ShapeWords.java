package dev.octavo.panama;

import dev.octavo.Shape;
import dev.octavo.Strides;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A shape as C reads it: {@code struct octavo_shape}, with the words of {@code enum octavo_rows},
 * {@code octavo_image} or {@code octavo_elements}.
 */
final class ShapeWords {
  /** {@code OCTAVO_SHAPE_WORDS}. */
  static final int COUNT = 11;

  private ShapeWords() {}

  static MemorySegment of(Shape shape) {
    long[] words =
        switch (shape) {
          case Shape.Rows r -> new long[] {r.m(), r.lhsStride(), r.dstStride()};
          case Shape.Image i -> {
            Strides in = i.input();
            Strides out = i.output();
            yield new long[] {
              i.batch(),
              i.height(),
              i.width(),
              in.n(),
              in.h(),
              in.w(),
              in.c(),
              out.n(),
              out.h(),
              out.w(),
              out.c()
            };
          }
          case Shape.Elements e ->
              new long[] {e.outer(), e.inner(), e.inputStride(), e.outputStride()};
        };
    return MemorySegment.ofArray(Arrays.copyOf(words, COUNT)).asReadOnly();
  }
}
