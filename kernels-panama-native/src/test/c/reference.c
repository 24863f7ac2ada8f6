#include "reference.h"

#include <math.h>
#include <string.h>

typedef __int128 wide;

static int64_t word(const struct problem *p, int at) { return p->spec[at]; }

static int32_t byte_value(const void *base, int64_t offset, int64_t type) {
  const unsigned char *at = (const unsigned char *)base + offset;
  return type == OCTAVO_S8 ? (int32_t)*(const signed char *)at : (int32_t)*at;
}

static float spec_scale(const struct problem *p) {
  uint32_t bits = (uint32_t)word(p, OCTAVO_SPEC_LHS_SCALE);
  float scale;
  memcpy(&scale, &bits, 4);
  return scale;
}

static wide floor_div(wide a, wide b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

static int32_t clamp(wide v, const struct problem *p) {
  int64_t low = word(p, OCTAVO_SPEC_MIN), high = word(p, OCTAVO_SPEC_MAX);
  return (int32_t)(v < low ? low : v > high ? high : v);
}

/* nearbyint of a value that may be huge, as a wide integer. */
static wide even(double t) { return fabs(t) > 1e15 ? (t < 0 ? -(wide)1000000000 : (wide)1000000000) : (wide)nearbyint(t); }

int32_t reference_recipe(const struct problem *p, int32_t acc, int64_t channel) {
  int64_t at = word(p, OCTAVO_SPEC_MULTIPLIERS) == 1 ? 0 : channel;
  int32_t zero = (int32_t)word(p, OCTAVO_SPEC_OUTPUT_ZERO_POINT);
  int64_t recipe = word(p, OCTAVO_SPEC_RECIPE);
  switch (recipe) {
    case OCTAVO_FLOAT32_NEAREST_EVEN: {
      volatile float t = (float)acc;
      t = t * ((const float *)p->multipliers)[at];
      return clamp(even((double)t) + zero, p);
    }
    case OCTAVO_FLOAT32_ZERO_POINT_FIRST: {
      volatile float t = (float)acc;
      t = t * ((const float *)p->multipliers)[at];
      t = t + (float)zero;
      return clamp(even((double)t), p);
    }
    case OCTAVO_FLOAT32_FLOAT_BIAS: {
      volatile float t = (float)acc;
      if (word(p, OCTAVO_SPEC_BIAS) == OCTAVO_BIAS_F32) t = t + ((const float *)p->bias)[channel];
      t = t * ((const float *)p->multipliers)[at];
      return clamp(even((double)t) + zero, p);
    }
    case OCTAVO_FIXED_POINT_DOUBLE_ROUNDING: {
      int32_t m = ((const int32_t *)p->multipliers)[at], s = p->shifts[at];
      wide x = (wide)acc * ((wide)1 << (s > 0 ? s : 0));
      x = (wide)(int32_t)(uint32_t)(x & 0xffffffffu);
      wide h = floor_div(x * m + ((wide)1 << 30), (wide)1 << 31);
      wide d = (wide)1 << (s < 0 ? -s : 0);
      wide r = h >= 0 ? (2 * h + d) / (2 * d) : -((-2 * h + d) / (2 * d));
      return clamp(r + zero, p);
    }
    case OCTAVO_FIXED_POINT_SINGLE_ROUNDING: {
      int32_t m = ((const int32_t *)p->multipliers)[at], s = p->shifts[at];
      return clamp(floor_div((wide)acc * m + ((wide)1 << (30 - s)), (wide)1 << (31 - s)) + zero, p);
    }
    default: {
      double v = (double)acc * ((const double *)p->multipliers)[at];
      return clamp((fabs(v) > 1e15 ? (v < 0 ? -(wide)1000000000 : (wide)1000000000) : (wide)round(v)) + zero, p);
    }
  }
}

static uint32_t output(const struct problem *p, int32_t acc, int64_t channel, int64_t row) {
  if (word(p, OCTAVO_SPEC_BIAS) == OCTAVO_BIAS_S32) acc = (int32_t)((uint32_t)acc + (uint32_t)((const int32_t *)p->bias)[channel]);
  switch (word(p, OCTAVO_SPEC_OUTPUT)) {
    case OCTAVO_ACCUMULATORS: return (uint32_t)acc;
    case OCTAVO_REQUANTIZED: return (uint8_t)reference_recipe(p, acc, channel);
    default: {
      float left = word(p, OCTAVO_SPEC_LHS_QUANTIZATION) == OCTAVO_FIXED        ? spec_scale(p)
                   : word(p, OCTAVO_SPEC_LHS_QUANTIZATION) == OCTAVO_PER_TENSOR ? p->run_scales[0]
                                                                                : p->run_scales[row];
      volatile float scale = left * ((const float *)p->multipliers)[word(p, OCTAVO_SPEC_MULTIPLIERS) == 1 ? 0 : channel];
      volatile float t = (float)acc;
      t = t * scale;
      if (word(p, OCTAVO_SPEC_BIAS) == OCTAVO_BIAS_F32) t = t + ((const float *)p->bias)[channel];
      uint32_t bits;
      float f = t;
      memcpy(&bits, &f, 4);
      return bits;
    }
  }
}

static int32_t lhs_zero(const struct problem *p, int64_t row) {
  switch (word(p, OCTAVO_SPEC_LHS_QUANTIZATION)) {
    case OCTAVO_FIXED: return (int32_t)word(p, OCTAVO_SPEC_LHS_ZERO_POINT);
    case OCTAVO_PER_TENSOR: return p->run_zero_points[0];
    default: return p->run_zero_points[row];
  }
}

static int32_t rhs_zero(const struct problem *p, int64_t o) {
  return p->zero_points ? p->zero_points[word(p, OCTAVO_SPEC_ZERO_POINTS) == 1 ? 0 : o] : 0;
}

uint32_t reference_gemm(const struct problem *p, int64_t row, int64_t o) {
  uint32_t acc = 0;
  int32_t zl = lhs_zero(p, row), zr = rhs_zero(p, o);
  for (int64_t k = 0; k < word(p, OCTAVO_SPEC_K); k++) {
    int32_t a = byte_value(p->input, row * p->shape.words[OCTAVO_ROWS_LHS_STRIDE] + k, word(p, OCTAVO_SPEC_LHS_TYPE));
    int32_t b = byte_value(p->weights, o * word(p, OCTAVO_SPEC_WEIGHT_STRIDE_O) + k * word(p, OCTAVO_SPEC_WEIGHT_STRIDE_I),
                           word(p, OCTAVO_SPEC_RHS_TYPE));
    acc += (uint32_t)((a - zl) * (b - zr));
  }
  return output(p, (int32_t)acc, o, row);
}

uint32_t reference_conv(const struct problem *p, int64_t image, int64_t oy, int64_t ox, int64_t o) {
  uint32_t acc = 0;
  int32_t zl = lhs_zero(p, 0), zr = rhs_zero(p, o);
  int64_t groups = word(p, OCTAVO_SPEC_GROUPS), channels = word(p, OCTAVO_SPEC_K) / groups;
  int64_t group = o / (word(p, OCTAVO_SPEC_N) / groups);
  for (int64_t ky = 0; ky < word(p, OCTAVO_SPEC_KERNEL_H); ky++) {
    for (int64_t kx = 0; kx < word(p, OCTAVO_SPEC_KERNEL_W); kx++) {
      int64_t y = oy * word(p, OCTAVO_SPEC_STRIDE_H) - word(p, OCTAVO_SPEC_PAD_TOP) + ky * word(p, OCTAVO_SPEC_DILATION_H);
      int64_t x = ox * word(p, OCTAVO_SPEC_STRIDE_W) - word(p, OCTAVO_SPEC_PAD_LEFT) + kx * word(p, OCTAVO_SPEC_DILATION_W);
      if (y < 0 || x < 0 || y >= p->shape.words[OCTAVO_IMAGE_HEIGHT] || x >= p->shape.words[OCTAVO_IMAGE_WIDTH]) continue;
      for (int64_t i = 0; i < channels; i++) {
        int64_t c = group * channels + i;
        int32_t a = byte_value(p->input,
                               image * p->shape.words[OCTAVO_IMAGE_IN_STRIDE_N] + y * p->shape.words[OCTAVO_IMAGE_IN_STRIDE_H] +
                                   x * p->shape.words[OCTAVO_IMAGE_IN_STRIDE_W] + c * p->shape.words[OCTAVO_IMAGE_IN_STRIDE_C],
                               word(p, OCTAVO_SPEC_LHS_TYPE));
        int32_t b = byte_value(p->weights,
                               o * word(p, OCTAVO_SPEC_WEIGHT_STRIDE_O) + ky * word(p, OCTAVO_SPEC_WEIGHT_STRIDE_H) +
                                   kx * word(p, OCTAVO_SPEC_WEIGHT_STRIDE_W) + i * word(p, OCTAVO_SPEC_WEIGHT_STRIDE_I),
                               word(p, OCTAVO_SPEC_RHS_TYPE));
        acc += (uint32_t)((a - zl) * (b - zr));
      }
    }
  }
  return output(p, (int32_t)acc, o, 0);
}

/* The first element of row r, channel c, position i, counted in elements. */
static float input_float(const struct problem *p, int64_t row, int64_t at) {
  float x;
  memcpy(&x, (const char *)p->input + row * p->shape.words[OCTAVO_ELEMENTS_IN_STRIDE] + 4 * at, 4);
  return x;
}

static int32_t input_int(const struct problem *p, int64_t row, int64_t at) {
  const char *base = (const char *)p->input + row * p->shape.words[OCTAVO_ELEMENTS_IN_STRIDE];
  if (word(p, OCTAVO_SPEC_LHS_TYPE) != OCTAVO_S32) return byte_value(base, at, word(p, OCTAVO_SPEC_LHS_TYPE));
  int32_t x;
  memcpy(&x, base + 4 * at, 4);
  return x;
}

static int32_t quantize(float x, float s, int32_t z, int64_t rule, int32_t low, int32_t high) {
  volatile float t;
  if (rule == OCTAVO_DIVIDE_HALF_EVEN || rule == OCTAVO_DIVIDE_HALF_AWAY) {
    t = x / s;
  } else {
    volatile float inverse = 1.0f / s;
    t = x * inverse;
  }
  int32_t after = z;
  if (rule == OCTAVO_MULTIPLY_ZERO_POINT_FIRST) {
    t = t + (float)z;
    after = 0;
  }
  if (isnan(t)) return low;
  double v = rule == OCTAVO_DIVIDE_HALF_AWAY ? round((double)t) : nearbyint((double)t);
  v = v + after;
  return v < low ? low : v > high ? high : (int32_t)v;
}

static float dequantize(int32_t q, float s, int32_t z) {
  volatile float t = (float)(int32_t)((uint32_t)q - (uint32_t)z);
  return t * s;
}

static float levels(float x, const float *limits, int64_t count) {
  float il = limits[0], ih = limits[1], ol = limits[2], oh = limits[3], steps = (float)(count - 1);
  if (x <= fminf(il, ih)) return ol;
  if (x > fmaxf(il, ih)) return oh;
  volatile float t = x - il, range = ih - il, out = oh - ol;
  t = t / range;
  t = t * steps;
  t = nearbyintf(t);
  t = t / steps;
  t = t * out;
  t = t + ol;
  return t;
}

uint32_t reference_elementwise(const struct problem *p, int64_t row, int64_t channel, int64_t at) {
  int64_t op = word(p, OCTAVO_SPEC_OP), m = word(p, OCTAVO_SPEC_MULTIPLIERS) == 1 ? 0 : channel;
  int32_t z = rhs_zero(p, channel), low = (int32_t)word(p, OCTAVO_SPEC_MIN), high = (int32_t)word(p, OCTAVO_SPEC_MAX);
  const float *scales = p->multipliers;
  float y;
  switch (op) {
    case OCTAVO_REQUANTIZE: {
      uint32_t acc = (uint32_t)input_int(p, row, at) - (uint32_t)word(p, OCTAVO_SPEC_LHS_ZERO_POINT);
      if (word(p, OCTAVO_SPEC_BIAS) == OCTAVO_BIAS_S32) acc += (uint32_t)((const int32_t *)p->bias)[channel];
      return (uint8_t)reference_recipe(p, (int32_t)acc, channel);
    }
    case OCTAVO_QUANTIZE: return (uint8_t)quantize(input_float(p, row, at), scales[m], z, word(p, OCTAVO_SPEC_RULE), low, high);
    case OCTAVO_DYNAMIC_QUANTIZE: {
      int64_t i = word(p, OCTAVO_SPEC_LHS_QUANTIZATION) == OCTAVO_PER_ROW ? row : 0;
      int symmetric = word(p, OCTAVO_SPEC_RULE) == OCTAVO_SYMMETRIC;
      int32_t bottom = word(p, OCTAVO_SPEC_OUTPUT_TYPE) == OCTAVO_U8 ? 0 : symmetric ? -127 : -128;
      int32_t top = word(p, OCTAVO_SPEC_OUTPUT_TYPE) == OCTAVO_U8 ? 255 : 127;
      return (uint8_t)quantize(input_float(p, row, at), p->run_scales[i], p->run_zero_points[i], OCTAVO_DIVIDE_HALF_EVEN, bottom, top);
    }
    case OCTAVO_DEQUANTIZE: y = dequantize(input_int(p, row, at), scales[m], z); break;
    default:
      if (word(p, OCTAVO_SPEC_RULE) == OCTAVO_LEVELS) {
        y = levels(input_float(p, row, at), scales + 4 * m, word(p, OCTAVO_SPEC_LEVELS));
      } else {
        y = dequantize(quantize(input_float(p, row, at), scales[m], z, word(p, OCTAVO_SPEC_RULE), low, high), scales[m], z);
      }
  }
  uint32_t bits;
  memcpy(&bits, &y, 4);
  return bits;
}

void reference_dynamic(const struct problem *p, int64_t row, int64_t rows, int64_t elements, float *scale, int32_t *zero) {
  float low = 0, high = 0;
  for (int64_t r = row; r < row + rows; r++) {
    for (int64_t i = 0; i < elements; i++) {
      low = fminf(low, input_float(p, r, i)); /* NaN loses */
      high = fmaxf(high, input_float(p, r, i));
    }
  }
  int is_u8 = word(p, OCTAVO_SPEC_OUTPUT_TYPE) == OCTAVO_U8;
  if (word(p, OCTAVO_SPEC_RULE) == OCTAVO_SYMMETRIC) {
    *scale = fmaxf(-low, high) / 127.0f;
    if (*scale == 0) *scale = 1;
    *zero = 0;
    return;
  }
  volatile float range = high - low;
  *scale = range / 255.0f;
  if (*scale == 0) *scale = 1;
  int32_t bottom = is_u8 ? 0 : -128;
  volatile float t = low / *scale;
  t = (float)bottom - t;
  double v = isnan(t) ? bottom : nearbyint((double)t);
  *zero = (int32_t)(v < bottom ? bottom : v > bottom + 255 ? bottom + 255 : v);
}
