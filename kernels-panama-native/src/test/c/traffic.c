/* What native-amx costs besides multiplying, on a CPU without AMX: the library with its tile instructions replaced by their memory traffic
 * (tile_traffic.h), linked into this driver. All answers are wrong; it is no library and no JVM can load it.
 *
 * Per problem, in cycles of the core: what its products need, 16 each; the rest, with products that take no time; both together, with
 * a unit that takes 16 cycles for each and is waited for. Where the rest is no small part of the products it hides behind them only in part,
 * and "together" says how well, as far as this core's window of instructions is like that of one with AMX.
 *
 * Usage: traffic [variant or "all"] [filter]            GOP/s are for 3.3 GHz */
#define _POSIX_C_SOURCE 199309L

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "octavo.h"

enum octavo_traffic { TRAFFIC_REST, TRAFFIC_TOGETHER, TRAFFIC_COUNT } octavo_traffic; /* see tile_traffic.h */
int64_t octavo_traffic_products;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Cycles per second, by multiplications that wait for each other: 3 cycles each. */
static double clock_rate(void) {
  double best = 1e9;
  for (int round = 0; round < 20; round++) {
    double start = now();
    for (int i = 0; i < 2000; i++) __asm__ volatile(".rept 100\nimul %%rax, %%rax\n.endr" : : : "rax");
    double took = now() - start;
    if (took < best) best = took;
  }
  return 3 * 200000 / best;
}

struct variant {
  const char *name;
  int64_t lhs, output, quantization, zero_point, rhs_zero;
};
static const struct variant variants[] = {
    {"u8s8s32", OCTAVO_U8, OCTAVO_ACCUMULATORS, OCTAVO_FIXED, 0, 0},
    {"s8s8s32", OCTAVO_S8, OCTAVO_ACCUMULATORS, OCTAVO_FIXED, 0, 0},
    {"u8s8u8", OCTAVO_U8, OCTAVO_REQUANTIZED, OCTAVO_FIXED, 121, 0},
    {"u8s8u8,rhs zero", OCTAVO_U8, OCTAVO_REQUANTIZED, OCTAVO_FIXED, 121, 3},
    {"u8s8s32,per row", OCTAVO_U8, OCTAVO_ACCUMULATORS, OCTAVO_PER_ROW, 0, 0}};

/* GEMM: m, n, k, bytes by which the lhs is misaligned, and its rows further apart than k. CONV: channels, height, width, output
 * channels, kernel h, w, stride, padding, dilation, groups. */
struct problem {
  const char *set;
  int64_t conv, x[10];
};
#define G(...) 0, {__VA_ARGS__}
#define C(...) 1, {__VA_ARGS__}
static const struct problem problems[] = {
    {"gemm", G(1024, 1024, 1024)}, {"gemm", G(512, 512, 512)}, {"gemm", G(256, 256, 256)}, {"gemm", G(128, 768, 768)},
    {"gemm", G(128, 3072, 768)}, {"gemm", G(128, 768, 3072)}, {"gemm", G(16, 1024, 1024)}, {"gemm", G(3136, 64, 576)},
    {"gemm", G(196, 512, 512)}, {"gemm", G(49, 1024, 1024)}, {"gemm", G(127, 255, 63)}, {"gemm", G(1, 4096, 4096)},
    {"conv", C(64, 56, 56, 64, 3, 3, 1, 1, 1, 1)}, {"conv", C(128, 28, 28, 128, 3, 3, 1, 1, 1, 1)},
    {"conv", C(256, 14, 14, 256, 3, 3, 1, 1, 1, 1)}, {"conv", C(512, 7, 7, 512, 3, 3, 1, 1, 1, 1)},
    {"conv", C(3, 224, 224, 64, 7, 7, 2, 3, 1, 1)}, {"conv", C(512, 14, 14, 512, 1, 1, 1, 0, 1, 1)},
    /* rows as a heap array has them, and rows wider than k */
    {"odd", G(512, 512, 512, 16)}, {"odd", G(128, 768, 768, 16)}, {"odd", G(3136, 64, 576, 16)}, {"odd", G(196, 512, 512, 16, 40)},
    {"odd", G(127, 255, 63, 16)}, {"odd", G(3136, 64, 64, 16)}, {"odd", G(512, 512, 500)}, {"odd", G(512, 512, 4096)},
    /* few rows, few columns */
    {"few", G(2, 1024, 1024)}, {"few", G(4, 1024, 1024)}, {"few", G(8, 1024, 1024)}, {"few", G(32, 1024, 1024)}, {"few", G(64, 1024, 1024)},
    {"few", G(2, 4096, 4096)}, {"few", G(8, 4096, 4096)}, {"few", G(16, 4096, 4096)}, {"few", G(33, 768, 768)}, {"few", G(512, 16, 512)},
    {"few", G(512, 24, 512)}, {"few", G(16, 16, 16)}, {"few", G(32, 32, 32)}, {"few", G(64, 64, 64)}, {"few", G(12544, 24, 96)},
    /* layers of networks */
    {"net", C(64, 56, 56, 256, 1, 1, 1, 0, 1, 1)}, {"net", C(256, 56, 56, 64, 1, 1, 1, 0, 1, 1)}, {"net", C(256, 56, 56, 128, 1, 1, 2, 0, 1, 1)},
    {"net", C(128, 56, 56, 128, 3, 3, 2, 1, 1, 1)}, {"net", C(1024, 14, 14, 256, 1, 1, 1, 0, 1, 1)}, {"net", C(2048, 7, 7, 512, 1, 1, 1, 0, 1, 1)},
    {"net", C(64, 224, 224, 64, 3, 3, 1, 1, 1, 1)}, {"net", C(3, 224, 224, 64, 3, 3, 1, 1, 1, 1)}, {"net", C(3, 224, 224, 32, 3, 3, 2, 1, 1, 1)},
    {"net", C(32, 112, 112, 64, 1, 1, 1, 0, 1, 1)}, {"net", C(24, 56, 56, 144, 1, 1, 1, 0, 1, 1)}, {"net", C(144, 56, 56, 24, 1, 1, 1, 0, 1, 1)},
    {"net", C(160, 7, 7, 960, 1, 1, 1, 0, 1, 1)}, {"net", C(32, 208, 208, 64, 3, 3, 2, 1, 1, 1)}, {"net", C(256, 26, 26, 512, 3, 3, 1, 1, 1, 1)},
    {"net", C(1024, 13, 13, 512, 1, 1, 1, 0, 1, 1)}, {"net", C(256, 14, 14, 256, 3, 3, 1, 2, 2, 1)}, {"net", C(128, 28, 28, 128, 3, 3, 1, 1, 1, 32)},
    {"net", G(128, 384, 384)}, {"net", G(128, 1536, 384)}, {"net", G(128, 384, 1536)}};

static void *memory(int64_t bytes) {
  unsigned char *p = aligned_alloc(64, (size_t)((bytes + 4096 + 127) / 64 * 64));
  uint32_t x = 1;
  for (int64_t i = 0; i < bytes; i++) p[i] = (unsigned char)((x = x * 1664525 + 1013904223) >> 24);
  return p;
}

struct work {
  void *plan, *packed, *scratch;
  struct octavo_shape shape;
  unsigned char *in, *out;
  int32_t *zero_points;
  int64_t strips;
};

static void run(const struct work *w) {
  octavo_run(w->plan, w->packed, w->shape, w->in, w->out, w->zero_points, NULL, w->scratch, 0, w->strips);
}

/* Seconds of one call, the best of some rounds. */
static double seconds(const struct work *w, enum octavo_traffic traffic) {
  double best = 1e9, deadline = now() + 0.03;
  int64_t calls = 1;
  octavo_traffic = traffic;
  while (now() < deadline) {
    double start = now();
    for (int64_t i = 0; i < calls; i++) run(w);
    double took = (now() - start) / (double)calls;
    if (took < best) best = took;
    if (took * (double)calls < 0.0005) calls *= 2;
  }
  return best;
}

static void output(int64_t *w, const struct variant *v) {
  w[OCTAVO_SPEC_LHS_TYPE] = v->lhs;
  w[OCTAVO_SPEC_RHS_TYPE] = OCTAVO_S8;
  w[OCTAVO_SPEC_LHS_QUANTIZATION] = v->quantization;
  w[OCTAVO_SPEC_LHS_ZERO_POINT] = v->zero_point;
  w[OCTAVO_SPEC_ZERO_POINTS] = w[OCTAVO_SPEC_MULTIPLIERS] = 1;
  w[OCTAVO_SPEC_OUTPUT] = v->output;
  w[OCTAVO_SPEC_OUTPUT_TYPE] = OCTAVO_U8;
  w[OCTAVO_SPEC_MAX] = 255;
  w[OCTAVO_SPEC_OUTPUT_ZERO_POINT] = 3;
}

/* Bytes of input, weights and output; multiply-adds of the unpadded problem. */
struct sizes { int64_t in, weights, out, macs; };

static struct sizes read_problem(const struct problem *p, int64_t size, int64_t *w, struct octavo_shape *shape) {
  const int64_t *x = p->x;
  if (!p->conv) {
    int64_t m = x[0], n = x[1], k = x[2], stride = k + x[4];
    w[OCTAVO_SPEC_OP] = OCTAVO_GEMM, w[OCTAVO_SPEC_N] = n, w[OCTAVO_SPEC_K] = k;
    w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = k, w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1;
    shape->words[OCTAVO_ROWS_M] = m, shape->words[OCTAVO_ROWS_LHS_STRIDE] = stride, shape->words[OCTAVO_ROWS_DST_STRIDE] = n * size;
    return (struct sizes){m * stride, n * k, m * n * size, m * n * k};
  }
  int64_t c = x[0], h = x[1], wi = x[2], oc = x[3], kh = x[4], kw = x[5], s = x[6], pad = x[7], d = x[8], g = x[9];
  int64_t oh = (h + 2 * pad - (kh - 1) * d - 1) / s + 1, ow = (wi + 2 * pad - (kw - 1) * d - 1) / s + 1;
  w[OCTAVO_SPEC_OP] = OCTAVO_CONV, w[OCTAVO_SPEC_N] = oc, w[OCTAVO_SPEC_K] = c, w[OCTAVO_SPEC_GROUPS] = g;
  w[OCTAVO_SPEC_KERNEL_H] = kh, w[OCTAVO_SPEC_KERNEL_W] = kw;
  w[OCTAVO_SPEC_STRIDE_H] = w[OCTAVO_SPEC_STRIDE_W] = s;
  w[OCTAVO_SPEC_DILATION_H] = w[OCTAVO_SPEC_DILATION_W] = d;
  for (int i = OCTAVO_SPEC_PAD_TOP; i <= OCTAVO_SPEC_PAD_RIGHT; i++) w[i] = pad;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1, w[OCTAVO_SPEC_WEIGHT_STRIDE_W] = c / g;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_H] = kw * c / g, w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = kh * kw * c / g;
  int64_t words[] = {1, h, wi, h * wi * c, wi * c, c, 1, oh * ow * oc * size, ow * oc * size, oc * size, size};
  memcpy(shape->words, words, sizeof words);
  return (struct sizes){h * wi * c, oc * kh * kw * c / g, oh * ow * oc * size, oh * ow * oc * kh * kw * (c / g)};
}

static void name_of(const struct problem *p, char *name, size_t bytes) {
  int length = snprintf(name, bytes, "%s", p->conv ? "conv" : "gemm"), last = p->conv ? 9 : 4;
  while (last > 2 && p->x[last] == 0) last--;
  for (int i = 0; i <= last; i++) length += snprintf(name + length, bytes - (size_t)length, "%c%lld", i ? ',' : ' ', (long long)p->x[i]);
}

/* GOP/s at 3.3 GHz. */
static double measure(int32_t backend, const struct problem *p, const struct variant *v, double rate, const char *name) {
  static const float multiplier[1] = {0.001f};
  int64_t words[OCTAVO_SPEC_WORDS] = {0};
  int32_t zero[1] = {(int32_t)v->rhs_zero};
  struct work w = {0};
  output(words, v);
  struct sizes s = read_problem(p, v->output == OCTAVO_REQUANTIZED ? 1 : 4, words, &w.shape);
  w.plan = memory(octavo_plan_bytes()), w.packed = memory(octavo_packed_bytes(backend, words));
  unsigned char *weights = memory(s.weights), *in = memory(s.in);
  octavo_prepare(backend, words, weights, zero, multiplier, NULL, NULL, w.plan, w.packed, 0, INT64_MAX);
  int64_t bytes = octavo_scratch_bytes(w.plan, w.shape), m = w.shape.words[0];
  if (bytes > 0) w.scratch = memory(bytes);
  w.in = in + (p->conv ? 0 : p->x[3]), w.out = memory(s.out), w.strips = octavo_strips(w.plan, w.shape);
  w.zero_points = calloc((size_t)m, sizeof(int32_t));
  octavo_traffic = TRAFFIC_COUNT;
  octavo_traffic_products = 0;
  run(&w);
  double products = 16.0 * (double)octavo_traffic_products, rest = rate * seconds(&w, TRAFFIC_REST), together = rate * seconds(&w, TRAFFIC_TOGETHER);
  double speed = 2 * (double)s.macs / together * 3.3;
  printf("%-34s %-16s %9.0f %9.0f %5.0f%% %9.0f %5.0f%% %6.0f\n", name, v->name, products, rest, 100 * rest / products, together,
         100 * together / products, speed);
  fflush(stdout);
  free(w.plan), free(w.packed), free(weights), free(in), free(w.out), free(w.scratch), free(w.zero_points);
  return speed;
}

int main(int argc, char **argv) {
  const char *only = argc > 1 ? argv[1] : "all", *filter = argc > 2 ? argv[2] : "";
  int32_t backend = 0;
  while (strcmp(octavo_backend_id(backend), "native-amx")) backend++;
  double rate = clock_rate();
  printf("tiles replaced by their traffic: times are true, answers are not; %.2f GHz\n", rate * 1e-9);
  printf("%-34s %-16s %9s %9s %6s %9s %6s %6s\n", "cycles", "", "products", "rest", "", "together", "", "GOP/s");
  for (size_t v = 0; v < sizeof variants / sizeof variants[0]; v++) {
    if (strcmp(only, "all") && strcmp(only, variants[v].name)) continue;
    double logs = 0;
    int count = 0;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
      char name[96], all[128];
      name_of(&problems[i], name, sizeof name);
      snprintf(all, sizeof all, "%s %s", problems[i].set, name);
      if (!strstr(all, filter) || (problems[i].conv && variants[v].quantization == OCTAVO_PER_ROW)) continue;
      logs += log(measure(backend, &problems[i], &variants[v], rate, name));
      count++;
    }
    if (count > 0) printf("%-34s %-16s %48s %6.0f\n", "geometric mean", variants[v].name, "", exp(logs / count));
  }
  return 0;
}
