#include <math.h>

#include "check.h"

static float random_float(void) {
  static const float special[] = {0.0f, -0.0f, INFINITY, -INFINITY, NAN, 1e38f, -1e38f, 1e-40f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f};
  if (one_in(20)) return special[below(13)];
  if (one_in(3)) return (float)between(-600, 600) * 0.25f; /* ties, where the scale is a power of two */
  return (float)((uniform() - 0.5) * (one_in(10) ? 1e6 : 40.0));
}

static float random_scale(void) {
  static const float special[] = {1.0f, 0.5f, 0.25f, 1e-30f, 1e30f, 1e-40f};
  return one_in(3) ? special[below(6)] : (float)uniform() * 0.2f + 1e-6f;
}

/* Input bytes of a problem, by its type. */
static void fill_input(const struct problem *p, unsigned char *in, int64_t bytes) {
  if (p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_F32) {
    int plain = one_in(2), zeros = one_in(10);
    for (int64_t i = 0; i + 4 <= bytes; i += 4) {
      float x = zeros ? 0.0f : plain ? (float)((uniform() - 0.3) * 8) : random_float();
      memcpy(in + i, &x, 4);
    }
  } else if (p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S32) {
    for (int64_t i = 0; i + 4 <= bytes; i += 4) {
      int32_t x = one_in(3) ? (int32_t)next() : one_in(10) ? INT32_MIN : one_in(10) ? INT32_MAX : (int32_t)between(-20000, 20000);
      memcpy(in + i, &x, 4);
    }
  } else {
    fill_bytes(in, bytes);
  }
}

static void random_grid(struct problem *p, int64_t channels) {
  int64_t *w = p->spec, op = w[OCTAVO_SPEC_OP];
  int64_t count = w[OCTAVO_SPEC_MULTIPLIERS] = one_in(2) ? 1 : channels;
  if (op == OCTAVO_FAKE_QUANTIZE && one_in(3)) {
    w[OCTAVO_SPEC_RULE] = OCTAVO_LEVELS;
    w[OCTAVO_SPEC_LEVELS] = one_in(2) ? 256 : between(2, 65536);
    float *limits = piece(16 * count, 4);
    for (int64_t i = 0; i < 4 * count; i++) limits[i] = one_in(8) ? -0.0f : (float)((uniform() - 0.5) * 30);
    for (int64_t i = 0; i < count; i++) {
      if (limits[4 * i] == limits[4 * i + 1]) limits[4 * i + 1] += 1;
    }
    p->multipliers = limits;
    return;
  }
  w[OCTAVO_SPEC_RULE] = below(4);
  float *scales = piece(4 * count, 4);
  for (int64_t i = 0; i < count; i++) scales[i] = random_scale();
  p->multipliers = scales;
  w[OCTAVO_SPEC_OUTPUT_TYPE] = op == OCTAVO_QUANTIZE ? below(2) : 0;
  int64_t low = w[OCTAVO_SPEC_OUTPUT_TYPE] == OCTAVO_S8 ? -128 : 0, high = low + 255;
  if (op == OCTAVO_FAKE_QUANTIZE) low = between(-65536, 10), high = between(10, 65536);
  w[OCTAVO_SPEC_MIN] = one_in(2) ? low : between(low, high);
  w[OCTAVO_SPEC_MAX] = one_in(2) ? high : between(w[OCTAVO_SPEC_MIN], high);
  w[OCTAVO_SPEC_ZERO_POINTS] = one_in(2) ? 1 : channels;
  int32_t *zero = piece(4 * w[OCTAVO_SPEC_ZERO_POINTS], 4);
  for (int64_t i = 0; i < w[OCTAVO_SPEC_ZERO_POINTS]; i++) {
    if (op == OCTAVO_FAKE_QUANTIZE) {
      zero[i] = (int32_t)between(w[OCTAVO_SPEC_MIN], w[OCTAVO_SPEC_MAX]);
    } else if (op == OCTAVO_QUANTIZE) {
      zero[i] = type_zero(w[OCTAVO_SPEC_OUTPUT_TYPE]);
    } else {
      zero[i] = w[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S32 ? (int32_t)next() : type_zero(w[OCTAVO_SPEC_LHS_TYPE]);
    }
  }
  p->zero_points = zero;
}

void check_elementwise(int32_t backend, uint64_t seed) {
  struct problem p = {0};
  int64_t *w = p.spec, op = between(OCTAVO_REQUANTIZE, OCTAVO_FAKE_QUANTIZE);
  int64_t channels = one_in(2) ? 1 : between(1, 200), inner = one_in(2) ? 1 : between(0, 150), outer = between(0, 40);
  if (op == OCTAVO_DYNAMIC_QUANTIZE) channels = 1;
  if (one_in(30)) inner = 100000 / channels, outer = 2;
  w[OCTAVO_SPEC_OP] = op;
  w[OCTAVO_SPEC_N] = channels;
  w[OCTAVO_SPEC_LHS_TYPE] = op == OCTAVO_REQUANTIZE || op == OCTAVO_DEQUANTIZE ? below(3) : OCTAVO_F32;
  int64_t in_size = w[OCTAVO_SPEC_LHS_TYPE] >= OCTAVO_S32 ? 4 : 1;
  int64_t size = op == OCTAVO_DEQUANTIZE || op == OCTAVO_FAKE_QUANTIZE ? 4 : 1;
  if (op == OCTAVO_REQUANTIZE) {
    w[OCTAVO_SPEC_OUTPUT] = OCTAVO_REQUANTIZED;
    random_recipe(&p, channels);
    w[OCTAVO_SPEC_LHS_ZERO_POINT] = one_in(2) ? 0 : in_size == 4 ? (int32_t)next() : type_zero(w[OCTAVO_SPEC_LHS_TYPE]);
  } else if (op == OCTAVO_DYNAMIC_QUANTIZE) {
    w[OCTAVO_SPEC_RULE] = below(2);
    w[OCTAVO_SPEC_OUTPUT_TYPE] = w[OCTAVO_SPEC_RULE] == OCTAVO_SYMMETRIC ? OCTAVO_S8 : below(2);
    w[OCTAVO_SPEC_LHS_QUANTIZATION] = one_in(2) ? OCTAVO_PER_ROW : OCTAVO_PER_TENSOR;
  } else {
    random_grid(&p, channels);
  }
  int64_t row = channels * inner;
  p.shape.words[OCTAVO_ELEMENTS_OUTER] = outer;
  p.shape.words[OCTAVO_ELEMENTS_INNER] = inner;
  p.shape.words[OCTAVO_ELEMENTS_IN_STRIDE] = (row + (one_in(2) ? 0 : between(1, 9))) * in_size;
  p.shape.words[OCTAVO_ELEMENTS_OUT_STRIDE] = (row + (one_in(2) ? 0 : between(1, 9))) * size;
  int64_t in_bytes = outer > 0 ? (outer - 1) * p.shape.words[OCTAVO_ELEMENTS_IN_STRIDE] + row * in_size : 0;
  int64_t out_bytes = outer > 0 ? (outer - 1) * p.shape.words[OCTAVO_ELEMENTS_OUT_STRIDE] + row * size : 0;
  unsigned char *in = piece(in_bytes, in_size), *out = piece(out_bytes, size);
  fill_input(&p, in, in_bytes);
  p.input = in;
  memset(out, 0xa5, (size_t)out_bytes);
  int64_t parameters = w[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW ? outer : outer > 0;
  if (op == OCTAVO_DYNAMIC_QUANTIZE) {
    p.run_scales = piece(4 * parameters, 4);
    p.run_zero_points = piece(4 * parameters, 4);
  }
  run(&p, backend, out, seed);
  for (int64_t i = 0; op == OCTAVO_DYNAMIC_QUANTIZE && i < parameters; i++) {
    float scale;
    int32_t zero;
    int per_row = w[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW;
    reference_dynamic(&p, per_row ? i : 0, per_row ? 1 : outer, row, &scale, &zero);
    if (memcmp(&scale, &p.run_scales[i], 4) != 0 || zero != p.run_zero_points[i]) fail(&p, backend, seed, "dynamic parameters");
  }
  for (int64_t i = 0; i < outer; i++) {
    for (int64_t j = 0; j < row; j++) {
      expect(&p, backend, seed, out, i * p.shape.words[OCTAVO_ELEMENTS_OUT_STRIDE] + j * size,
             reference_elementwise(&p, i, j / inner, j), size);
    }
  }
  untouched(&p, backend, seed, out, out_bytes);
}
