/* The norm: the six rounding recipes, one int32 accumulator (int32 bias already inside) to one int32 in [min, max].
 * Portable, exact, and the definition to which every vector form is held. Build with contraction off. */
#ifndef OCTAVO_REQUANT_H
#define OCTAVO_REQUANT_H

#include "freestanding.h"

OCTAVO_INLINE int32_t octavo_clamp64(int64_t v, int32_t min, int32_t max) {
  return v < min ? min : v > max ? max : (int32_t)v;
}

/* Round half to even, |t| < 2^22: adding 1.5 * 2^23 leaves no room for a fraction, and the FPU rounds to even. */
OCTAVO_INLINE int32_t octavo_rne(float t) {
  union { float f; uint32_t u; } magic = {t + 12582912.0f};
  return (int32_t)magic.u - 0x4B400000;
}

/* q = RNE(clamp(t, min - zp, max - zp)) + zp */
OCTAVO_INLINE int32_t octavo_round_then_zero(float t, int32_t zero, int32_t min, int32_t max) {
  float low = (float)(min - zero), high = (float)(max - zero);
  t = t < low ? low : t > high ? high : t;
  return octavo_rne(t) + zero;
}

OCTAVO_INLINE int32_t octavo_float32_nearest_even(int32_t acc, float m, int32_t zero, int32_t min, int32_t max) {
  return octavo_round_then_zero((float)acc * m, zero, min, max);
}

OCTAVO_INLINE int32_t octavo_float32_zero_point_first(int32_t acc, float m, int32_t zero, int32_t min, int32_t max) {
  float t = (float)acc * m;
  return octavo_round_then_zero(t + (float)zero, 0, min, max);
}

OCTAVO_INLINE int32_t octavo_float32_float_bias(int32_t acc, float bias, float m, int32_t zero, int32_t min, int32_t max) {
  float t = (float)acc;
  t = t + bias;
  return octavo_round_then_zero(t * m, zero, min, max);
}

/* floor((a * m + 2^30) / 2^31): the doubled high half, rounded half up. m in [0, 2^31), so nothing saturates. */
OCTAVO_INLINE int32_t octavo_doubling_high(int32_t a, int32_t m) {
  return (int32_t)(((int64_t)a * m + (INT64_C(1) << 30)) >> 31);
}

/* x / 2^e, ties away from zero; e in [0, 31]. */
OCTAVO_INLINE int32_t octavo_divide_by_power(int32_t x, int32_t e) {
  int32_t mask = (int32_t)((UINT32_C(1) << e) - 1);
  int32_t threshold = (mask >> 1) + (x < 0);
  return (x >> e) + ((x & mask) > threshold);
}

OCTAVO_INLINE int32_t octavo_fixed_point_double_rounding(int32_t acc, int32_t m, int32_t shift, int32_t zero, int32_t min,
                                                         int32_t max) {
  int32_t x = (int32_t)((uint32_t)acc << (shift > 0 ? shift : 0));
  int32_t r = octavo_divide_by_power(octavo_doubling_high(x, m), shift < 0 ? -shift : 0);
  return octavo_clamp64((int64_t)r + zero, min, max);
}

OCTAVO_INLINE int64_t octavo_single_rounding(int32_t acc, int32_t m, int32_t shift) {
  return ((int64_t)acc * m + (INT64_C(1) << (30 - shift))) >> (31 - shift);
}

OCTAVO_INLINE int32_t octavo_fixed_point_single_rounding(int32_t acc, int32_t m, int32_t shift, int32_t zero, int32_t min,
                                                         int32_t max) {
  return octavo_clamp64(octavo_single_rounding(acc, m, shift) + zero, min, max);
}

OCTAVO_INLINE int32_t octavo_float64_half_away(int32_t acc, double m, int32_t zero, int32_t min, int32_t max) {
  double low = (double)(min - zero), high = (double)(max - zero), v = (double)acc * m;
  v = v < low ? low : v > high ? high : v;
  int32_t whole = (int32_t)v;
  double rest = v - (double)whole; /* exact */
  return whole + (rest >= 0.5) - (rest <= -0.5) + zero;
}

#endif
