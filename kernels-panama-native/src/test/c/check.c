/* Randomized problems, every backend, against the reference; every operand, plan and scratch ends or begins at a page that
 * nobody may touch. Usage: check [seconds per backend] [seed] [backend id] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "guard.h"
#include "reference.h"

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state * UINT64_C(0x2545F4914F6CDD1D) >> 11;
}
static int64_t below(int64_t n) { return (int64_t)(next() % (uint64_t)n); }
static int64_t between(int64_t a, int64_t b) { return a + below(b - a + 1); }
static int one_in(int64_t n) { return below(n) == 0; }
static double uniform(void) { return (double)next() / 9007199254740992.0; }

/* Everything a problem allocates. */
enum { PIECES = 16 };
static struct guarded pieces[PIECES];
static int piece_count;

static void *piece(int64_t bytes, int64_t align) {
  struct guarded g = guarded_new((size_t)bytes, (size_t)align, !one_in(4));
  pieces[piece_count++] = g;
  for (int64_t i = 0; i < bytes; i++) g.p[i] = (unsigned char)next();
  return g.p;
}

static void release(void) {
  while (piece_count > 0) guarded_free(&pieces[--piece_count]);
}

static void fill_bytes(unsigned char *p, int64_t bytes) {
  static const unsigned char extremes[] = {0x80, 0x7f, 0xff, 0x00, 0x81, 0x01};
  int mode = (int)below(6);
  unsigned char one = extremes[below(6)], two = extremes[below(6)];
  for (int64_t i = 0; i < bytes; i++) {
    p[i] = mode < 3 ? (unsigned char)next() : mode == 3 ? one : mode == 4 ? (i & 1 ? one : two) : extremes[below(6)];
  }
}

static int64_t dimension(const int64_t *tiles, int count, int64_t most) {
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

static float random_multiplier(void) {
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

static int32_t type_zero(int64_t type) {
  int32_t low = type == OCTAVO_S8 ? -128 : 0;
  switch (below(4)) {
    case 0: return 0;
    case 1: return low;
    case 2: return low + 255;
    default: return low + (int32_t)below(256);
  }
}

/* Output kind, recipe, multipliers, bias: everything behind the accumulator. `per` = channels. */
static void random_output(struct problem *p, int64_t per) {
  int64_t *w = p->spec;
  w[OCTAVO_SPEC_OUTPUT] = one_in(4) ? OCTAVO_ACCUMULATORS : one_in(4) ? OCTAVO_DEQUANTIZED : OCTAVO_REQUANTIZED;
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

static void random_quantization(struct problem *p, int64_t rows, int64_t per, int row_allowed) {
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

static void fail(const struct problem *p, int32_t backend, uint64_t seed, const char *what) {
  printf("FAILED %s: %s (seed %llu)\n  kernel %s\n  spec", octavo_backend_id(backend), what, (unsigned long long)seed,
         octavo_kernel_name(backend, p->spec, &p->shape));
  for (int i = 0; i < OCTAVO_SPEC_WORDS; i++) printf(" %lld", (long long)p->spec[i]);
  printf("\n  shape");
  for (int i = 0; i < OCTAVO_SHAPE_WORDS; i++) printf(" %lld", (long long)p->shape.words[i]);
  printf("\n");
  exit(1);
}

/* Where does the layout say rhs[o][h][w][i] is? See octavo.h. */
static void check_layout(const struct problem *p, int32_t backend, const unsigned char *plan, uint64_t seed) {
  const int64_t *w = p->spec;
  int64_t l[OCTAVO_LAYOUT_WORDS];
  octavo_plan_layout(backend, w, l);
  int conv = w[OCTAVO_SPEC_OP] == OCTAVO_CONV;
  int64_t kh = conv ? w[OCTAVO_SPEC_KERNEL_H] : 1, kw = conv ? w[OCTAVO_SPEC_KERNEL_W] : 1;
  int64_t channels = conv ? w[OCTAVO_SPEC_K] / w[OCTAVO_SPEC_GROUPS] : w[OCTAVO_SPEC_K];
  for (int64_t o = 0; o < w[OCTAVO_SPEC_N]; o++) {
    int64_t g = o / l[OCTAVO_LAYOUT_GROUP_N], j = o % l[OCTAVO_LAYOUT_GROUP_N], nr = l[OCTAVO_LAYOUT_NR], kr = l[OCTAVO_LAYOUT_KR];
    int64_t panel = j / nr, left = l[OCTAVO_LAYOUT_GROUP_N] - panel * nr, quantum = l[OCTAVO_LAYOUT_QUANTUM];
    int64_t width = (left + quantum - 1) / quantum * quantum < nr ? (left + quantum - 1) / quantum * quantum : nr;
    for (int64_t h = 0; h < kh; h++) {
      for (int64_t x = 0; x < kw; x++) {
        for (int64_t i = 0; i < channels; i++) {
          int64_t run = h * l[OCTAVO_LAYOUT_RUNS_W] + x / l[OCTAVO_LAYOUT_MERGED_W];
          int64_t q = run * l[OCTAVO_LAYOUT_RUN_PACKED] + x % l[OCTAVO_LAYOUT_MERGED_W] * l[OCTAVO_LAYOUT_RUN_I] + i;
          int64_t at = l[OCTAVO_LAYOUT_OFFSET] + g * l[OCTAVO_LAYOUT_GROUP_STRIDE] + panel * l[OCTAVO_LAYOUT_PANEL_STRIDE] +
                       q / kr * width * kr + j % nr * kr + q % kr;
          unsigned char want = ((const unsigned char *)p->weights)[o * w[OCTAVO_SPEC_WEIGHT_STRIDE_O] + h * w[OCTAVO_SPEC_WEIGHT_STRIDE_H] +
                                                                   x * w[OCTAVO_SPEC_WEIGHT_STRIDE_W] + i * w[OCTAVO_SPEC_WEIGHT_STRIDE_I]];
          if (plan[at] != (want ^ l[OCTAVO_LAYOUT_FLIP])) fail(p, backend, seed, "packed layout");
        }
      }
    }
  }
}

/* Prepares and runs, strips in a random order of random stretches, into `out`. */
static void run(const struct problem *p, int32_t backend, unsigned char *out, uint64_t seed) {
  unsigned char *plan = piece((octavo_plan_bytes(backend, p->spec) + 63) / 64 * 64, 64);
  octavo_prepare(backend, p->spec, p->weights, p->zero_points, p->multipliers, p->shifts, p->bias, plan);
  if (p->spec[OCTAVO_SPEC_OP] <= OCTAVO_CONV) check_layout(p, backend, plan, seed);
  int64_t strips = octavo_strips(plan, p->shape), bytes = octavo_scratch_bytes(plan, p->shape);
  unsigned char *scratch = piece(bytes, 1);
  int64_t parts = strips == 0 ? 0 : between(1, strips), bounds[65];
  if (parts > 64) parts = 64;
  if (one_in(2) && strips > 0) parts = 1;
  for (int64_t i = 0; i <= parts; i++) bounds[i] = parts == 0 ? 0 : strips * i / parts;
  int64_t start = parts == 0 ? 0 : below(parts);
  for (int64_t i = 0; i < parts; i++) {
    int64_t part = (start + parts - i) % parts;
    for (int64_t b = 0; b < bytes; b++) scratch[b] = (unsigned char)next();
    octavo_run(plan, p->shape, p->input, out, p->run_zero_points, p->run_scales, scratch, bounds[part], bounds[part + 1]);
  }
}

static int64_t element_bytes(const struct problem *p) { return p->spec[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED ? 1 : 4; }

static void expect(const struct problem *p, int32_t backend, uint64_t seed, unsigned char *out, int64_t at, uint32_t want) {
  uint32_t got = 0;
  int64_t bytes = element_bytes(p);
  memcpy(&got, out + at, (size_t)bytes);
  if (got != want) {
    char text[96];
    snprintf(text, sizeof text, "at byte %lld: got %08x, want %08x", (long long)at, got, want);
    fail(p, backend, seed, text);
  }
  memset(out + at, 0xa5, (size_t)bytes); /* so that the bytes between can be checked */
}

static void untouched(const struct problem *p, int32_t backend, uint64_t seed, const unsigned char *out, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i++) {
    if (out[i] != 0xa5) fail(p, backend, seed, "wrote outside of its rows");
  }
}

static void check_gemm(int32_t backend, uint64_t seed) {
  static const int64_t ms[] = {1, 4, 6, 14, 16, 32}, ns[] = {4, 16, 32, 64}, ks[] = {2, 4, 16, 64, 128};
  struct problem p = {0};
  int64_t m = dimension(ms, 6, 80), n = dimension(ns, 4, 100), k = dimension(ks, 5, 300);
  if (one_in(20)) m = 0;
  if (one_in(20)) n = 0;
  if (one_in(20)) k = 0;
  if (one_in(30)) k = 5000;
  if (one_in(10)) m = between(100, 400);
  if (one_in(10)) n = between(100, 400);
  int64_t *w = p.spec;
  w[OCTAVO_SPEC_OP] = OCTAVO_GEMM;
  w[OCTAVO_SPEC_N] = n;
  w[OCTAVO_SPEC_K] = k;
  random_quantization(&p, m, n, 1);
  random_output(&p, n);
  int64_t extra = one_in(2) ? 0 : between(1, 40), wide = n * k + n * extra + k * extra;
  if (one_in(2)) {
    w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = k + extra, w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1;
  } else {
    w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = 1, w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = n + extra;
  }
  int64_t weight_bytes = n > 0 && k > 0 ? (n - 1) * w[OCTAVO_SPEC_WEIGHT_STRIDE_O] + (k - 1) * w[OCTAVO_SPEC_WEIGHT_STRIDE_I] + 1 : 0;
  (void)wide;
  unsigned char *weights = piece(weight_bytes, 1);
  fill_bytes(weights, weight_bytes);
  p.weights = weights;
  int64_t bytes = element_bytes(&p);
  p.shape.words[OCTAVO_ROWS_M] = m;
  p.shape.words[OCTAVO_ROWS_LHS_STRIDE] = one_in(8) ? (k + 4095) / 4096 * 4096 : k + (one_in(2) ? 0 : between(1, 70));
  p.shape.words[OCTAVO_ROWS_DST_STRIDE] = bytes * (n + (one_in(2) ? 0 : between(1, 20)));
  int64_t in_bytes = m > 0 && k > 0 ? (m - 1) * p.shape.words[OCTAVO_ROWS_LHS_STRIDE] + k : 0;
  unsigned char *in = piece(in_bytes, 1);
  fill_bytes(in, in_bytes);
  p.input = in;
  int64_t out_bytes = m > 0 && n > 0 ? (m - 1) * p.shape.words[OCTAVO_ROWS_DST_STRIDE] + n * bytes : 0;
  unsigned char *out = piece(out_bytes, bytes);
  memset(out, 0xa5, (size_t)out_bytes);
  run(&p, backend, out, seed);
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) {
      expect(&p, backend, seed, out, i * p.shape.words[OCTAVO_ROWS_DST_STRIDE] + j * bytes, reference_gemm(&p, i, j));
    }
  }
  untouched(&p, backend, seed, out, out_bytes);
}

/* Strides of an n x h x w x c array, NHWC or NCHW, rows padded a little or not; returns its extent in bytes. */
static int64_t image_strides(int64_t *s, int64_t n, int64_t h, int64_t w, int64_t c, int64_t bytes, int nchw) {
  int64_t gap = one_in(3) ? between(1, 9) * bytes : 0;
  if (nchw) {
    s[2] = bytes, s[1] = w * bytes + gap, s[3] = h * s[1] + gap, s[0] = c * s[3] + gap;
  } else {
    s[3] = bytes, s[2] = c * bytes + gap, s[1] = w * s[2] + gap, s[0] = h * s[1] + gap;
  }
  return n && h && w && c ? (n - 1) * s[0] + (h - 1) * s[1] + (w - 1) * s[2] + (c - 1) * s[3] + bytes : 0;
}

static void check_conv(int32_t backend, uint64_t seed) {
  struct problem p = {0};
  int64_t *w = p.spec;
  static const int64_t small[] = {1, 2, 3, 4, 7, 8, 16}, channels[] = {3, 4, 16, 32, 64};
  int64_t kh = one_in(4) ? 1 : between(1, 5), kw = one_in(4) ? 1 : between(1, 7);
  int64_t groups = one_in(3) ? between(2, 9) : 1;
  int64_t cg = one_in(2) ? small[below(7)] : dimension(channels, 5, 70), og = dimension(channels, 5, 70);
  if (one_in(3)) groups = between(2, 150), cg = 1, og = one_in(2) ? 1 : between(1, 3);
  else if (groups > 1) cg = small[below(7)], og = small[below(7)];
  w[OCTAVO_SPEC_OP] = OCTAVO_CONV;
  w[OCTAVO_SPEC_N] = groups * og;
  w[OCTAVO_SPEC_K] = groups * cg;
  w[OCTAVO_SPEC_GROUPS] = groups;
  w[OCTAVO_SPEC_KERNEL_H] = kh;
  w[OCTAVO_SPEC_KERNEL_W] = kw;
  w[OCTAVO_SPEC_STRIDE_H] = between(1, 3);
  w[OCTAVO_SPEC_STRIDE_W] = one_in(2) ? w[OCTAVO_SPEC_STRIDE_H] : between(1, 3);
  w[OCTAVO_SPEC_DILATION_H] = one_in(3) ? between(1, 3) : 1;
  w[OCTAVO_SPEC_DILATION_W] = one_in(3) ? between(1, 3) : 1;
  int pad = !one_in(3);
  for (int i = OCTAVO_SPEC_PAD_TOP; i <= OCTAVO_SPEC_PAD_RIGHT; i++) w[i] = pad ? below(4) : 0;
  int64_t batch = one_in(20) ? 0 : between(1, 3), height = between(1, 14), width = between(1, one_in(8) ? 60 : 18);
  random_quantization(&p, 1, w[OCTAVO_SPEC_N], 0);
  random_output(&p, w[OCTAVO_SPEC_N]);
  int64_t oihw = below(2);
  w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = kh * kw * cg;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_H] = oihw ? kw : kw * cg;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_W] = oihw ? 1 : cg;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = oihw ? kh * kw : 1;
  unsigned char *weights = piece(w[OCTAVO_SPEC_N] * kh * kw * cg, 1);
  fill_bytes(weights, w[OCTAVO_SPEC_N] * kh * kw * cg);
  p.weights = weights;
  int64_t bytes = element_bytes(&p);
  int64_t room_h = height + w[OCTAVO_SPEC_PAD_TOP] + w[OCTAVO_SPEC_PAD_BOTTOM] - ((kh - 1) * w[OCTAVO_SPEC_DILATION_H] + 1);
  int64_t room_w = width + w[OCTAVO_SPEC_PAD_LEFT] + w[OCTAVO_SPEC_PAD_RIGHT] - ((kw - 1) * w[OCTAVO_SPEC_DILATION_W] + 1);
  int64_t oh = room_h < 0 ? 0 : room_h / w[OCTAVO_SPEC_STRIDE_H] + 1, ow = room_w < 0 ? 0 : room_w / w[OCTAVO_SPEC_STRIDE_W] + 1;
  p.shape.words[OCTAVO_IMAGE_BATCH] = batch;
  p.shape.words[OCTAVO_IMAGE_HEIGHT] = height;
  p.shape.words[OCTAVO_IMAGE_WIDTH] = width;
  int64_t in_bytes = image_strides(p.shape.words + OCTAVO_IMAGE_IN_STRIDE_N, batch, height, width, w[OCTAVO_SPEC_K], 1, one_in(3));
  int64_t out_bytes = image_strides(p.shape.words + OCTAVO_IMAGE_OUT_STRIDE_N, batch, oh, ow, w[OCTAVO_SPEC_N], bytes, one_in(3));
  unsigned char *in = piece(in_bytes, 1), *out = piece(out_bytes, bytes);
  fill_bytes(in, in_bytes);
  p.input = in;
  memset(out, 0xa5, (size_t)out_bytes);
  run(&p, backend, out, seed);
  const int64_t *s = p.shape.words + OCTAVO_IMAGE_OUT_STRIDE_N;
  for (int64_t b = 0; b < batch; b++) {
    for (int64_t y = 0; y < oh && ow > 0; y++) {
      for (int64_t x = 0; x < ow; x++) {
        for (int64_t o = 0; o < w[OCTAVO_SPEC_N]; o++) {
          expect(&p, backend, seed, out, b * s[0] + y * s[1] + x * s[2] + o * s[3], reference_conv(&p, b, y, x, o));
        }
      }
    }
  }
  untouched(&p, backend, seed, out, out_bytes);
}

int main(int argc, char **argv) {
  double seconds = argc > 1 ? atof(argv[1]) : 5;
  uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
  int ran = 0;
  for (int32_t backend = 0; backend < octavo_backend_count(); backend++) {
    const char *id = octavo_backend_id(backend), *status = octavo_backend_status(backend, 0);
    if (argc > 3 && strcmp(argv[3], id) != 0) continue;
    if (*status != 0 && strncmp(status, "emulated", 8) != 0) {
      printf("%-20s not run: %s\n", id, status);
      continue;
    }
    clock_t start = clock();
    int64_t problems = 0;
    uint64_t at = seed;
    for (; (double)(clock() - start) / CLOCKS_PER_SEC < seconds; problems++, at++) {
      state = at * UINT64_C(0x9E3779B97F4A7C15) + 1;
      for (int i = 0; i < 4; i++) next();
      if (one_in(2)) check_gemm(backend, at); else check_conv(backend, at);
      release();
    }
    printf("%-20s %lld problems from seed %llu agree%s%s\n", id, (long long)problems, (unsigned long long)seed,
           *status ? ", " : "", status);
    ran++;
  }
  return ran == 0;
}
