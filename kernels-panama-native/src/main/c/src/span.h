/* What elementwise ops do to a span of contiguous elements, once per instruction set. */
#ifndef OCTAVO_SPAN_H
#define OCTAVO_SPAN_H

#include "freestanding.h"

/* Parameters of element i are at i * step: step 1 = one per element, 0 = the same for all. Arrays with step 1 may be read
 * up to 64 elements past the span's end. */
struct octavo_span {
  const void *in;
  void *out;
  int64_t count;
  int32_t in_type;           /* enum octavo_type */
  int32_t rule;              /* enum octavo_rule */
  int32_t min, max;
  int32_t is_unsigned;       /* of an 8-bit output */
  int32_t offset;            /* accumulate: the input's zero point */
  const float *scale, *inverse;
  const int32_t *zero;       /* accumulate: the bias, or NULL */
  int64_t scale_step, zero_step;
  const float *low_in, *high_in, *low_out, *high_out; /* levels; step = scale_step */
  float steps;               /* levels - 1 */
};
typedef void octavo_span_fn(const struct octavo_span *s);

struct octavo_spans {
  octavo_span_fn *quantize;     /* f32 -> 8 bits, the rules of octavo.h; NaN -> min */
  octavo_span_fn *dequantize;   /* f32(f32(x - zero) * scale) */
  octavo_span_fn *fake_quantize;/* quantize, then dequantize, without the bytes between; or levels */
  octavo_span_fn *accumulate;   /* s32: x - offset + zero[i] (modulo 2^32) */
  void (*range)(const float *in, int64_t count, float *low, float *high); /* widens [low, high]; NaNs do not count */
};

extern const struct octavo_spans octavo_spans_scalar, octavo_spans_avx2, octavo_spans_avx512;

#endif
