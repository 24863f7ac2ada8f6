/* GOP/s per shape and tier: weights packed before, only the run is timed, one thread, the best of several rounds.
 * Usage: bench [backend id or "all"] [filter]
 * One operation is a multiply or an add of the unpadded problem: 2 m n k. */
#define _POSIX_C_SOURCE 199309L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "octavo.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *memory(int64_t bytes) {
  unsigned char *p = aligned_alloc(64, (size_t)((bytes + 127) / 64 * 64));
  for (int64_t i = 0; i < bytes; i++) p[i] = (unsigned char)(rand() >> 7);
  return p;
}

enum kind { ACCUMULATE, REQUANTIZE };
struct types { int64_t lhs, rhs; enum kind kind; const char *name; };
static const struct types variants[] = {{OCTAVO_U8, OCTAVO_S8, ACCUMULATE, "u8s8s32"},
                                        {OCTAVO_S8, OCTAVO_S8, ACCUMULATE, "s8s8s32"},
                                        {OCTAVO_U8, OCTAVO_S8, REQUANTIZE, "u8s8u8"}};

static const int64_t gemms[][3] = {{1024, 1024, 1024}, {512, 512, 512},  {256, 256, 256},  {128, 768, 768},
                                   {128, 3072, 768},   {128, 768, 3072}, {16, 1024, 1024}, {3136, 64, 576},
                                   {196, 512, 512},    {49, 1024, 1024}, {127, 255, 63},   {1, 4096, 4096}};
/* c, h, w, oc, kh, kw, stride, pad, groups */
static const int64_t convs[][9] = {{64, 56, 56, 64, 3, 3, 1, 1, 1},    {128, 28, 28, 128, 3, 3, 1, 1, 1},
                                   {256, 14, 14, 256, 3, 3, 1, 1, 1},  {512, 7, 7, 512, 3, 3, 1, 1, 1},
                                   {3, 224, 224, 64, 7, 7, 2, 3, 1},   {512, 14, 14, 512, 1, 1, 1, 0, 1},
                                   {32, 112, 112, 32, 3, 3, 1, 1, 32}, {512, 14, 14, 512, 3, 3, 1, 1, 512}};

static void output(int64_t *w, const struct types *t) {
  w[OCTAVO_SPEC_LHS_TYPE] = t->lhs;
  w[OCTAVO_SPEC_RHS_TYPE] = t->rhs;
  w[OCTAVO_SPEC_ZERO_POINTS] = w[OCTAVO_SPEC_MULTIPLIERS] = 1;
  w[OCTAVO_SPEC_OUTPUT] = t->kind == REQUANTIZE ? OCTAVO_REQUANTIZED : OCTAVO_ACCUMULATORS;
  w[OCTAVO_SPEC_OUTPUT_TYPE] = OCTAVO_U8;
  w[OCTAVO_SPEC_MAX] = 255;
  w[OCTAVO_SPEC_OUTPUT_ZERO_POINT] = 3;
}

static double measure(int32_t backend, const int64_t *w, struct octavo_shape shape, int64_t in_bytes, int64_t weight_bytes,
                      int64_t out_bytes, double operations) {
  void *plan = memory(octavo_plan_bytes()), *packed = memory(octavo_packed_bytes(backend, w)), *weights = memory(weight_bytes);
  static const int32_t zero[1] = {0};
  static const float multiplier[1] = {0.001f};
  octavo_prepare(backend, w, weights, zero, multiplier, NULL, NULL, plan, packed, 0, INT64_MAX);
  int64_t scratch_bytes = octavo_scratch_bytes(plan, shape);
  void *in = memory(in_bytes), *out = memory(out_bytes), *scratch = scratch_bytes == 0 ? NULL : memory(scratch_bytes);
  int64_t strips = octavo_strips(plan, shape);
  double best = 1e9, deadline = now() + 0.4;
  int64_t calls = 1;
  while (now() < deadline) {
    double start = now();
    for (int64_t i = 0; i < calls; i++) octavo_run(plan, packed, shape, in, out, NULL, NULL, scratch, 0, strips);
    double took = (now() - start) / (double)calls;
    if (took < best) best = took;
    if (took * (double)calls < 0.004) calls *= 2;
  }
  free(plan), free(packed), free(weights), free(in), free(out), free(scratch);
  return operations / best * 1e-9;
}

int main(int argc, char **argv) {
  const char *only = argc > 1 ? argv[1] : "all", *filter = argc > 2 ? argv[2] : "";
  for (int32_t backend = 0; backend < octavo_backend_count(); backend++) {
    const char *id = octavo_backend_id(backend);
    if (*octavo_backend_status(backend, 0) || (strcmp(only, "all") && strcmp(only, id))) continue;
    printf("%s\n%-34s", id, "");
    for (int v = 0; v < 3; v++) printf("%10s", variants[v].name);
    printf("   strips\n");
    for (size_t i = 0; i < sizeof gemms / sizeof gemms[0] + sizeof convs / sizeof convs[0]; i++) {
      char name[96];
      double result[3];
      int64_t strips = 0, gemm_count = (int64_t)(sizeof gemms / sizeof gemms[0]);
      int is_conv = (int64_t)i >= gemm_count;
      const int64_t *x = is_conv ? convs[(int64_t)i - gemm_count] : gemms[i];
      if (is_conv) {
        snprintf(name, sizeof name, "conv %lldx%lldx%lld %lld %lldx%lld s%lld p%lld g%lld", (long long)x[0], (long long)x[1],
                 (long long)x[2], (long long)x[3], (long long)x[4], (long long)x[5], (long long)x[6], (long long)x[7],
                 (long long)x[8]);
      } else {
        snprintf(name, sizeof name, "gemm %lldx%lldx%lld", (long long)x[0], (long long)x[1], (long long)x[2]);
      }
      if (!strstr(name, filter)) continue;
      for (int v = 0; v < 3; v++) {
        int64_t w[OCTAVO_SPEC_WORDS] = {0};
        struct octavo_shape shape = {{0}};
        output(w, &variants[v]);
        int64_t size = variants[v].kind == REQUANTIZE ? 1 : 4;
        if (!is_conv) {
          int64_t m = x[0], n = x[1], k = x[2];
          w[OCTAVO_SPEC_OP] = OCTAVO_GEMM, w[OCTAVO_SPEC_N] = n, w[OCTAVO_SPEC_K] = k;
          w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = k, w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1;
          shape.words[OCTAVO_ROWS_M] = m, shape.words[OCTAVO_ROWS_LHS_STRIDE] = k, shape.words[OCTAVO_ROWS_DST_STRIDE] = n * size;
          result[v] = measure(backend, w, shape, m * k, n * k, m * n * size, 2.0 * (double)m * (double)n * (double)k);
        } else {
          int64_t c = x[0], h = x[1], wi = x[2], oc = x[3], kh = x[4], kw = x[5], s = x[6], pad = x[7], g = x[8];
          int64_t oh = (h + 2 * pad - kh) / s + 1, ow = (wi + 2 * pad - kw) / s + 1;
          w[OCTAVO_SPEC_OP] = OCTAVO_CONV, w[OCTAVO_SPEC_N] = oc, w[OCTAVO_SPEC_K] = c, w[OCTAVO_SPEC_GROUPS] = g;
          w[OCTAVO_SPEC_KERNEL_H] = kh, w[OCTAVO_SPEC_KERNEL_W] = kw;
          w[OCTAVO_SPEC_STRIDE_H] = w[OCTAVO_SPEC_STRIDE_W] = s;
          w[OCTAVO_SPEC_DILATION_H] = w[OCTAVO_SPEC_DILATION_W] = 1;
          for (int p = OCTAVO_SPEC_PAD_TOP; p <= OCTAVO_SPEC_PAD_RIGHT; p++) w[p] = pad;
          w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1, w[OCTAVO_SPEC_WEIGHT_STRIDE_W] = c / g;
          w[OCTAVO_SPEC_WEIGHT_STRIDE_H] = kw * c / g, w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = kh * kw * c / g;
          int64_t words[11] = {1, h, wi, h * wi * c, wi * c, c, 1, oh * ow * oc * size, ow * oc * size, oc * size, size};
          memcpy(shape.words, words, sizeof words);
          result[v] = measure(backend, w, shape, h * wi * c, oc * kh * kw * c / g, oh * ow * oc * size,
                              2.0 * (double)(oh * ow * oc) * (double)(kh * kw * c / g));
        }
        void *plan = memory(octavo_plan_bytes()), *packed = memory(octavo_packed_bytes(backend, w)), *weights = calloc(1, (size_t)(x[is_conv ? 0 : 1] * (is_conv ? x[3] * x[4] * x[5] : x[2])));
        static const int32_t zero[1] = {0};
        static const float one[1] = {1};
        octavo_prepare(backend, w, weights, zero, one, NULL, NULL, plan, packed, 0, INT64_MAX);
        strips = octavo_strips(plan, shape);
        free(plan), free(packed), free(weights);
      }
      printf("%-34s%10.1f%10.1f%10.1f %8lld\n", name, result[0], result[1], result[2], (long long)strips);
      fflush(stdout);
    }
  }
  return 0;
}
