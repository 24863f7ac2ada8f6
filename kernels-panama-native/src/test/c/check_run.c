#include "check.h"

void fail(const struct problem *p, int32_t backend, uint64_t seed, const char *what) {
  printf("FAILED %s: %s (seed %llu)\n  kernel %s\n  spec", octavo_backend_id(backend), what, (unsigned long long)seed,
         octavo_kernel_name(backend, p->spec, &p->shape));
  for (int i = 0; i < OCTAVO_SPEC_WORDS; i++) printf(" %lld", (long long)p->spec[i]);
  printf("\n  shape");
  for (int i = 0; i < OCTAVO_SHAPE_WORDS; i++) printf(" %lld", (long long)p->shape.words[i]);
  printf("\n");
  exit(1);
}

/* Where does the layout say rhs[o][h][w][i] is? See octavo.h. */
static void check_layout(const struct problem *p, int32_t backend, const unsigned char *packed, uint64_t seed) {
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
          if (packed[at] != (want ^ l[OCTAVO_LAYOUT_FLIP])) fail(p, backend, seed, "packed layout");
        }
      }
    }
  }
}

/* Prepares, now and then in two parts, of which the second has weights of its own. */
static void prepare(const struct problem *p, int32_t backend, unsigned char *plan, unsigned char *packed) {
  const int64_t *w = p->spec;
  int64_t l[OCTAVO_LAYOUT_WORDS], n = w[OCTAVO_SPEC_N], panels = 0, in_group = 1;
  octavo_plan_layout(backend, w, l);
  if (w[OCTAVO_SPEC_OP] <= OCTAVO_CONV && n > 0 && one_in(2)) {
    in_group = (l[OCTAVO_LAYOUT_GROUP_N] + l[OCTAVO_LAYOUT_NR] - 1) / l[OCTAVO_LAYOUT_NR];
    panels = n / l[OCTAVO_LAYOUT_GROUP_N] * in_group;
  }
  int64_t cut = panels < 2 ? INT64_MAX : between(1, panels - 1);
  octavo_prepare(backend, w, p->weights, p->zero_points, p->multipliers, p->shifts, p->bias, plan, packed, 0, cut);
  if (cut == INT64_MAX) return;
  int64_t o = cut / in_group * l[OCTAVO_LAYOUT_GROUP_N] + cut % in_group * l[OCTAVO_LAYOUT_NR];
  const unsigned char *weights = (const unsigned char *)p->weights + o * w[OCTAVO_SPEC_WEIGHT_STRIDE_O];
  octavo_prepare(backend, w, weights, p->zero_points, p->multipliers, p->shifts, p->bias, plan, packed, cut, INT64_MAX);
}

/* Prepares and runs, strips in a random order of random stretches, into `out`. */
void run(const struct problem *p, int32_t backend, unsigned char *out, uint64_t seed) {
  unsigned char *plan = piece((octavo_plan_bytes() + 63) / 64 * 64, 64);
  unsigned char *packed = piece((octavo_packed_bytes(backend, p->spec) + 63) / 64 * 64, 64);
  prepare(p, backend, plan, packed);
  if (p->spec[OCTAVO_SPEC_OP] <= OCTAVO_CONV) check_layout(p, backend, packed, seed);
  int64_t strips = octavo_strips(plan, p->shape), bytes = octavo_scratch_bytes(plan, p->shape);
  unsigned char *scratch = bytes == 0 ? NULL : piece(bytes, 1);
  int64_t parts = strips == 0 ? 0 : between(1, strips), bounds[65];
  if (parts > 64) parts = 64;
  if (one_in(2) && strips > 0) parts = 1;
  for (int64_t i = 0; i <= parts; i++) bounds[i] = parts == 0 ? 0 : strips * i / parts;
  int64_t start = parts == 0 ? 0 : below(parts);
  for (int64_t i = 0; i < parts; i++) {
    int64_t part = (start + parts - i) % parts;
    for (int64_t b = 0; b < bytes; b++) scratch[b] = (unsigned char)next();
    int64_t steps = octavo_steps(plan, p->shape);
    if (steps == 1 || one_in(2)) {
      octavo_run(plan, packed, p->shape, p->input, out, p->run_zero_points, p->run_scales, scratch, bounds[part], bounds[part + 1]);
      continue;
    }
    for (int64_t strip = bounds[part]; strip < bounds[part + 1]; strip++) {
      for (int64_t step = 0; step < steps; step++) {
        octavo_run_step(plan, packed, p->shape, p->input, out, p->run_zero_points, p->run_scales, scratch, strip, step);
      }
    }
  }
}

void expect(const struct problem *p, int32_t backend, uint64_t seed, unsigned char *out, int64_t at, uint32_t want,
            int64_t bytes) {
  uint32_t got = 0;
  memcpy(&got, out + at, (size_t)bytes);
  if (got != want) {
    char text[96];
    snprintf(text, sizeof text, "at byte %lld: got %08x, want %08x", (long long)at, got, want);
    fail(p, backend, seed, text);
  }
  memset(out + at, 0xa5, (size_t)bytes); /* so that the bytes between can be checked */
}

void untouched(const struct problem *p, int32_t backend, uint64_t seed, const unsigned char *out, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i++) {
    if (out[i] != 0xa5) fail(p, backend, seed, "wrote outside of its rows");
  }
}
