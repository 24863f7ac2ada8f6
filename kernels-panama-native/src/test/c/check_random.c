#include "check.h"
#include "guard.h"

static uint64_t state;

void random_seed(uint64_t seed) {
  state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
  for (int i = 0; i < 4; i++) next();
}

uint64_t next(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state * UINT64_C(0x2545F4914F6CDD1D) >> 11;
}
int64_t below(int64_t n) { return (int64_t)(next() % (uint64_t)n); }
int64_t between(int64_t a, int64_t b) { return a + below(b - a + 1); }
int one_in(int64_t n) { return below(n) == 0; }
double uniform(void) { return (double)next() / 9007199254740992.0; }

/* Everything a problem allocates. */
enum { PIECES = 16 };
static struct guarded pieces[PIECES];
static int piece_count;

void *piece(int64_t bytes, int64_t align) {
  struct guarded g = guarded_new((size_t)bytes, (size_t)align, !one_in(4));
  pieces[piece_count++] = g;
  for (int64_t i = 0; i < bytes; i++) g.p[i] = (unsigned char)next();
  return g.p;
}

void release(void) {
  while (piece_count > 0) guarded_free(&pieces[--piece_count]);
}

void fill_bytes(unsigned char *p, int64_t bytes) {
  static const unsigned char extremes[] = {0x80, 0x7f, 0xff, 0x00, 0x81, 0x01};
  int mode = (int)below(6);
  unsigned char one = extremes[below(6)], two = extremes[below(6)];
  for (int64_t i = 0; i < bytes; i++) {
    p[i] = mode < 3 ? (unsigned char)next() : mode == 3 ? one : mode == 4 ? (i & 1 ? one : two) : extremes[below(6)];
  }
}

int64_t dimension(const int64_t *tiles, int count, int64_t most) {
  int64_t tile = tiles[below(count)], n;
  switch (below(6)) {
    case 0: n = 1; break;
    case 1: n = tile; break;
    case 2: n = tile + 1; break;
    case 3: n = 2 * tile + 1; break;
    case 4: n = tile - 1; break;
    default: n = between(1, most);
  }
  return n < 1 ? 1 : n > most ? most : n;
}

float random_multiplier(void) {
  switch (below(8)) {
    case 0: return 0.25f;
    case 1: return 0.5f;
    case 2: return 1.0f;
    case 3: return (float)(uniform() * 300.0);
    case 4: return (float)(uniform() * 1e-9) + 1e-30f;
    case 5: return 1e30f;
    default: return (float)(uniform() * 0.01) + 1e-9f;
  }
}

int32_t type_zero(int64_t type) {
  int32_t low = type == OCTAVO_S8 ? -128 : 0;
  switch (below(4)) {
    case 0: return 0;
    case 1: return low;
    case 2: return low + 255;
    default: return low + (int32_t)below(256);
  }
}

/* Output kind, recipe, multipliers, bias: everything behind the accumulator. `per` = channels. */
void random_output(struct problem *p, int64_t per) {
  p->spec[OCTAVO_SPEC_OUTPUT] = one_in(4) ? OCTAVO_ACCUMULATORS : one_in(4) ? OCTAVO_DEQUANTIZED : OCTAVO_REQUANTIZED;
  random_recipe(p, per);
}

void random_recipe(struct problem *p, int64_t per) {
  int64_t *w = p->spec;
  w[OCTAVO_SPEC_RECIPE] = below(6);
  w[OCTAVO_SPEC_OUTPUT_TYPE] = below(2);
  int64_t low = w[OCTAVO_SPEC_OUTPUT_TYPE] == OCTAVO_S8 ? -128 : 0;
  w[OCTAVO_SPEC_OUTPUT_ZERO_POINT] = type_zero(w[OCTAVO_SPEC_OUTPUT_TYPE]);
  w[OCTAVO_SPEC_MIN] = one_in(2) ? low : low + below(200);
  w[OCTAVO_SPEC_MAX] = one_in(2) ? low + 255 : between(w[OCTAVO_SPEC_MIN], low + 255);
  int64_t count = w[OCTAVO_SPEC_MULTIPLIERS] = one_in(2) ? 1 : per;
  int fixed = w[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED && (w[OCTAVO_SPEC_RECIPE] == OCTAVO_FIXED_POINT_DOUBLE_ROUNDING ||
                                                              w[OCTAVO_SPEC_RECIPE] == OCTAVO_FIXED_POINT_SINGLE_ROUNDING);
  int f64 = w[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED && w[OCTAVO_SPEC_RECIPE] == OCTAVO_FLOAT64_HALF_AWAY;
  int same = one_in(2);
  if (fixed) {
    int32_t *m = piece(4 * count, 4), *s = piece(4 * count, 4);
    for (int64_t i = 0; i < count; i++) {
      m[i] = one_in(10) ? 0 : one_in(3) ? (1 << 30) : (int32_t)((1u << 30) + (uint32_t)below(1 << 30));
      s[i] = one_in(3) ? (int32_t)between(-31, 30) : (int32_t)between(-12, 1);
      if (same && i > 0) m[i] = m[0], s[i] = s[0];
    }
    p->multipliers = m, p->shifts = s;
  } else if (f64) {
    double *m = piece(8 * count, 8);
    for (int64_t i = 0; i < count; i++) m[i] = one_in(3) ? (double)random_multiplier() : uniform() * 0.01;
    p->multipliers = m;
  } else {
    float *m = piece(4 * count, 4);
    float all = random_multiplier();
    for (int64_t i = 0; i < count; i++) m[i] = same ? all : random_multiplier();
    p->multipliers = m;
  }
  int64_t bias = below(2);
  if (w[OCTAVO_SPEC_OUTPUT] == OCTAVO_DEQUANTIZED) bias = below(3);
  if (w[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED && w[OCTAVO_SPEC_RECIPE] == OCTAVO_FLOAT32_FLOAT_BIAS) bias = 2 * below(2);
  w[OCTAVO_SPEC_BIAS] = bias;
  if (bias == OCTAVO_BIAS_S32) {
    int32_t *b = piece(4 * per, 4);
    for (int64_t i = 0; i < per; i++) b[i] = one_in(3) ? (int32_t)next() : one_in(8) ? INT32_MIN : (int32_t)between(-5000, 5000);
    p->bias = b;
  } else if (bias == OCTAVO_BIAS_F32) {
    float *b = piece(4 * per, 4);
    for (int64_t i = 0; i < per; i++) b[i] = one_in(6) ? -0.0f : (float)((uniform() - 0.5) * (one_in(3) ? 1e10 : 1000));
    p->bias = b;
  }
}

void random_quantization(struct problem *p, int64_t rows, int64_t per, int row_allowed) {
  int64_t *w = p->spec;
  w[OCTAVO_SPEC_LHS_TYPE] = below(2);
  w[OCTAVO_SPEC_RHS_TYPE] = below(2);
  w[OCTAVO_SPEC_LHS_QUANTIZATION] = one_in(2) ? OCTAVO_FIXED : below(row_allowed ? 3 : 2);
  w[OCTAVO_SPEC_LHS_ZERO_POINT] = type_zero(w[OCTAVO_SPEC_LHS_TYPE]);
  float scale = (float)uniform();
  uint32_t bits;
  memcpy(&bits, &scale, 4);
  w[OCTAVO_SPEC_LHS_SCALE] = bits;
  if (w[OCTAVO_SPEC_LHS_QUANTIZATION] != OCTAVO_FIXED) {
    int64_t count = w[OCTAVO_SPEC_LHS_QUANTIZATION] == OCTAVO_PER_ROW ? rows : 1;
    p->run_zero_points = piece(4 * count, 4);
    p->run_scales = piece(4 * count, 4);
    for (int64_t i = 0; i < count; i++) {
      p->run_zero_points[i] = type_zero(w[OCTAVO_SPEC_LHS_TYPE]);
      p->run_scales[i] = (float)uniform();
    }
  }
  w[OCTAVO_SPEC_ZERO_POINTS] = one_in(2) ? 1 : per;
  int32_t *z = piece(4 * w[OCTAVO_SPEC_ZERO_POINTS], 4);
  int zero = one_in(2);
  for (int64_t i = 0; i < w[OCTAVO_SPEC_ZERO_POINTS]; i++) z[i] = zero ? 0 : type_zero(w[OCTAVO_SPEC_RHS_TYPE]);
  p->zero_points = z;
}
