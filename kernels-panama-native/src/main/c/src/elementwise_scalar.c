/* Elementwise spans in portable C: the norm, written out. */
#include "../include/octavo.h"
#include "requant.h"
#include "span.h"

/* Rounds half to even any float; beyond 2^23 all floats are integers. NaN stays NaN, the sign of zero stays. */
static float round_even(float t) {
  float magnitude = t < 0 ? -t : t;
  if (!(magnitude < 8388608.0f)) return t;
  float lifted = magnitude + 8388608.0f;
  magnitude = lifted - 8388608.0f;
  return __builtin_copysignf(magnitude, t);
}

static float round_away(float t) {
  int32_t whole = (int32_t)t;
  float rest = t - (float)whole;
  return (float)(whole + (rest >= 0.5f) - (rest <= -0.5f));
}

/* The integer of the grid that x falls on. Scale and inverse as the rule wants them. */
static int32_t to_grid(const struct octavo_span *s, float x, float scale, float inverse, int32_t zero) {
  float t = s->rule == OCTAVO_DIVIDE_HALF_EVEN || s->rule == OCTAVO_DIVIDE_HALF_AWAY ? x / scale : x * inverse;
  int32_t after = zero;
  if (s->rule == OCTAVO_MULTIPLY_ZERO_POINT_FIRST) {
    t = t + (float)zero;
    after = 0;
  }
  float low = (float)(s->min - after), high = (float)(s->max - after);
  t = t >= low ? t < high ? t : high : low; /* NaN fails the comparison */
  return (int32_t)(s->rule == OCTAVO_DIVIDE_HALF_AWAY ? round_away(t) : round_even(t)) + after;
}

static void quantize(const struct octavo_span *s) {
  for (int64_t i = 0; i < s->count; i++) {
    int64_t a = i * s->scale_step, z = i * s->zero_step;
    ((uint8_t *)s->out)[i] = (uint8_t)to_grid(s, ((const float *)s->in)[i], s->scale[a], s->inverse[a], s->zero[z]);
  }
}

static int32_t value(const struct octavo_span *s, int64_t i) {
  switch (s->in_type) {
    case OCTAVO_U8: return ((const uint8_t *)s->in)[i];
    case OCTAVO_S8: return ((const int8_t *)s->in)[i];
    default: return ((const int32_t *)s->in)[i];
  }
}

static float from_grid(int32_t q, float scale, int32_t zero) { return (float)(int32_t)((uint32_t)q - (uint32_t)zero) * scale; }

static void dequantize(const struct octavo_span *s) {
  for (int64_t i = 0; i < s->count; i++) {
    ((float *)s->out)[i] = from_grid(value(s, i), s->scale[i * s->scale_step], s->zero[i * s->zero_step]);
  }
}

static float levels(const struct octavo_span *s, float x, int64_t a) {
  float il = s->low_in[a], ih = s->high_in[a], ol = s->low_out[a], oh = s->high_out[a];
  if (x <= (il < ih ? il : ih)) return ol;
  if (x > (il < ih ? ih : il)) return oh;
  return round_even((x - il) / (ih - il) * s->steps) / s->steps * (oh - ol) + ol;
}

static void fake_quantize(const struct octavo_span *s) {
  for (int64_t i = 0; i < s->count; i++) {
    int64_t a = i * s->scale_step, z = i * s->zero_step;
    float x = ((const float *)s->in)[i];
    ((float *)s->out)[i] = s->rule == OCTAVO_LEVELS
                               ? levels(s, x, a)
                               : from_grid(to_grid(s, x, s->scale[a], s->inverse[a], s->zero[z]), s->scale[a], s->zero[z]);
  }
}

static void accumulate(const struct octavo_span *s) {
  for (int64_t i = 0; i < s->count; i++) {
    uint32_t acc = (uint32_t)value(s, i) - (uint32_t)s->offset;
    ((int32_t *)s->out)[i] = (int32_t)(acc + (s->zero ? (uint32_t)s->zero[i * s->zero_step] : 0));
  }
}

static void range(const float *in, int64_t count, float *low, float *high) {
  for (int64_t i = 0; i < count; i++) {
    *low = in[i] < *low ? in[i] : *low;
    *high = in[i] > *high ? in[i] : *high;
  }
}

const struct octavo_spans octavo_spans_scalar = {quantize, dequantize, fake_quantize, accumulate, range};
