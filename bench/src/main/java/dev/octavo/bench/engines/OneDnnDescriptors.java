package dev.octavo.bench.engines;

import dev.octavo.ElementType;
import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import java.lang.foreign.MemorySegment;

/**
 * The operands of a problem as oneDNN describes memory: extents in its own order, strides as the
 * bench lays operands out.
 */
record OneDnnDescriptors(OneDnnObjects own, Problem problem) {

  private static final int ANY = 1; // dnnl_format_tag_any

  /** The activations that go in or come out. */
  MemorySegment activations(ElementType type, boolean in) {
    return switch (problem) {
      case Gemm g -> {
        long columns = in ? g.k() : g.n();
        yield strided(type, new long[] {g.m(), columns}, columns, 1);
      }
      case Conv c -> {
        long channels = in ? c.channels() : c.outChannels();
        long height = in ? c.height() : c.outHeight();
        long width = in ? c.width() : c.outWidth();
        yield strided(
            type,
            new long[] {c.batch(), channels, height, width},
            height * width * channels,
            1,
            width * channels,
            channels);
      }
    };
  }

  /** The weights as oneDNN likes them, or as they are given. */
  MemorySegment weights(ElementType type, boolean any) {
    long[] extents;
    long[] strides;
    switch (problem) {
      case Gemm g -> {
        extents = new long[] {g.k(), g.n()};
        strides = new long[] {1, g.k()};
      }
      case Conv c -> {
        long groups = c.groups();
        long outs = c.outChannels() / groups;
        long ins = c.groupChannels();
        long kh = c.window().kernelHeight();
        long kw = c.window().kernelWidth();
        long filter = kh * kw * ins;
        if (groups == 1) {
          extents = new long[] {outs, ins, kh, kw};
          strides = new long[] {filter, 1, kw * ins, ins};
        } else {
          extents = new long[] {groups, outs, ins, kh, kw};
          strides = new long[] {outs * filter, filter, 1, kw * ins, ins};
        }
      }
    }
    return any
        ? own.make(
            "memory_desc",
            "dnnl_memory_desc_create_with_tag",
            extents.length,
            own.longs(extents),
            code(type),
            ANY)
        : strided(type, extents, strides);
  }

  MemorySegment bias() {
    long n = problem.outputChannels();
    return problem instanceof Gemm
        ? strided(ElementType.F32, new long[] {1, n}, n, 1)
        : vector(ElementType.F32, n);
  }

  MemorySegment vector(ElementType type, long count) {
    return strided(type, new long[] {count}, 1);
  }

  private MemorySegment strided(ElementType type, long[] extents, long... strides) {
    return own.make(
        "memory_desc",
        "dnnl_memory_desc_create_with_strides",
        extents.length,
        own.longs(extents),
        code(type),
        own.longs(strides));
  }

  private static int code(ElementType type) {
    return switch (type) {
      case F32 -> 3;
      case S32 -> 4;
      case S8 -> 5;
      case U8 -> 6;
    };
  }
}
