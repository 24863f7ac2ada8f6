/* The exported functions: look up, forward. */
#include "cpu.h"
#include "elementwise.h"
#include "plan.h"
#include "product.h"

int32_t octavo_abi_version(void) { return OCTAVO_ABI_VERSION; }

int32_t octavo_backend_count(void) { return octavo_backends_count; }

const char *octavo_backend_id(int32_t backend) { return octavo_backends[backend].id; }

int32_t octavo_backend_rank(int32_t backend) { return octavo_backends[backend].rank; }

const char *octavo_backend_status(int32_t backend, int64_t forbidden) {
  const struct octavo_backend *b = &octavo_backends[backend];
  const char *missing = octavo_cpu_missing(b->features, forbidden);
  return missing ? missing : b->emulated ? b->emulated : "";
}

static void read_spec(const int64_t *from, int64_t *words) {
  for (int i = 0; i < OCTAVO_SPEC_WORDS; i++) words[i] = octavo_word(from, i);
}

const char *octavo_kernel_name(int32_t backend, const int64_t *spec, const struct octavo_shape *shape) {
  const struct octavo_backend *b = &octavo_backends[backend];
  int64_t w[OCTAVO_SPEC_WORDS];
  struct octavo_plan plan;
  read_spec(spec, w);
  octavo_plan_shape(backend, w, &plan);
  int types = 2 * (w[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8) + (w[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8);
  switch (w[OCTAVO_SPEC_OP]) {
    case OCTAVO_GEMM: {
      int64_t m = shape ? octavo_word(shape->words, OCTAVO_ROWS_M) : INT64_MAX;
      if (octavo_by_vectors(&plan, m)) b = b->unit->vectors;
      return (m == 1 ? b->gemv_name : b->gemm_name)[types];
    }
    case OCTAVO_CONV: {
      if (plan.depthwise) return b->depthwise_name[plan.way][types];
      int64_t s[OCTAVO_SHAPE_WORDS];
      for (int i = 0; shape && i < OCTAVO_SHAPE_WORDS; i++) s[i] = octavo_word(shape->words, i);
      if (plan.g.share > 1) return b->grouped_name[types];
      return (shape && octavo_conv_by_winograd(&plan, s) ? b->winograd_name : b->conv_name)[types];
    }
    default: return octavo_elementwise_name(b, w);
  }
}

void octavo_plan_layout(int32_t backend, const int64_t *spec, int64_t *layout) {
  struct octavo_plan plan;
  int64_t w[OCTAVO_SPEC_WORDS];
  read_spec(spec, w);
  octavo_plan_shape(backend, w, &plan);
  const struct octavo_geometry *g = &plan.g;
  int64_t words[OCTAVO_LAYOUT_WORDS] = {g->mr,          g->nr,           g->kr,           plan.rhs,
                                        g->packed_bytes, g->group_n,      g->group_stride, g->panel_stride,
                                        4,               g->runs_w,       g->merged_w,     g->run_i,
                                        g->run_packed,   0};
  __builtin_memcpy(layout, words, sizeof words);
}

int64_t octavo_plan_bytes(void) { return sizeof(struct octavo_plan); }

int64_t octavo_packed_bytes(int32_t backend, const int64_t *spec) {
  struct octavo_plan plan;
  int64_t w[OCTAVO_SPEC_WORDS];
  read_spec(spec, w);
  octavo_plan_shape(backend, w, &plan);
  return plan.bytes;
}

void octavo_prepare(int32_t backend, const int64_t *spec, const void *weights, const int32_t *zero_points,
                    const void *multipliers, const int32_t *shifts, const void *bias, void *plan, void *packed,
                    int64_t first, int64_t last) {
  struct octavo_plan *p = plan;
  if (first == 0) {
    int64_t w[OCTAVO_SPEC_WORDS];
    read_spec(spec, w);
    octavo_plan_shape(backend, w, p);
    p->packed = packed;
    memset(packed, 0, (size_t)p->bytes);
  }
  struct octavo_constants c = {weights, zero_points, multipliers, shifts, bias, first, last};
  if (p->depthwise) {
    octavo_prepare_depthwise(p, &c);
  } else if (p->spec[OCTAVO_SPEC_OP] <= OCTAVO_CONV) {
    octavo_prepare_product(p, &c);
  } else {
    octavo_prepare_elementwise(p, &c);
  }
}

int64_t octavo_strips(const void *plan, struct octavo_shape shape) {
  const struct octavo_plan *p = plan;
  switch (p->spec[OCTAVO_SPEC_OP]) {
    case OCTAVO_GEMM: return octavo_gemm_strips(p, shape.words);
    case OCTAVO_CONV: return p->depthwise ? octavo_depthwise_strips(p, shape.words) : octavo_conv_strips(p, shape.words);
    default: return octavo_elementwise_strips(p, shape.words);
  }
}

/* A little scratch is not asked for: it is on the stack, of which every thread that calls native code has more. */
enum { STACK_BYTES = 24 * 1024 };

static int64_t scratch_bytes(const struct octavo_plan *p, const int64_t *shape) {
  switch (p->spec[OCTAVO_SPEC_OP]) {
    case OCTAVO_GEMM: return octavo_gemm_scratch(p, shape);
    case OCTAVO_CONV: return p->depthwise ? octavo_depthwise_scratch(p, shape) : octavo_conv_scratch(p, shape);
    default: return octavo_elementwise_scratch(p, shape);
  }
}

int64_t octavo_scratch_bytes(const void *plan, struct octavo_shape shape) {
  const struct octavo_plan *p = plan;
  int64_t bytes = scratch_bytes(p, shape.words);
  /* What waits from step to step cannot be on the stack. */
  int waits = p->spec[OCTAVO_SPEC_OP] == OCTAVO_GEMM && octavo_gemm_steps(p, shape.words) > 1;
  return bytes <= STACK_BYTES && !waits ? 0 : bytes;
}

void octavo_run(const void *plan, const void *packed, struct octavo_shape shape, const void *input, void *output,
                int32_t *zero_points, float *scales, void *scratch, int64_t first, int64_t last) {
  const struct octavo_plan *p = plan;
  (void)packed;
  struct octavo_runtime runtime = {zero_points, scales};
  uint8_t little[STACK_BYTES];
  if (scratch == NULL) scratch = little;
  switch (p->spec[OCTAVO_SPEC_OP]) {
    case OCTAVO_GEMM: octavo_gemm_run(p, shape.words, input, output, &runtime, scratch, first, last); break;
    case OCTAVO_CONV:
      (p->depthwise ? octavo_depthwise_run : octavo_conv_run)(p, shape.words, input, output, &runtime, scratch, first, last);
      break;
    default: octavo_elementwise_run(p, shape.words, input, output, zero_points, scales, scratch, first, last);
  }
}

int64_t octavo_steps(const void *plan, struct octavo_shape shape) {
  const struct octavo_plan *p = plan;
  switch (p->spec[OCTAVO_SPEC_OP]) {
    case OCTAVO_GEMM: return octavo_gemm_steps(p, shape.words);
    case OCTAVO_DYNAMIC_QUANTIZE: return octavo_elementwise_steps(p, shape.words);
    default: return 1;
  }
}

void octavo_run_step(const void *plan, const void *packed, struct octavo_shape shape, const void *input, void *output,
                     int32_t *zero_points, float *scales, void *scratch, int64_t strip, int64_t step) {
  const struct octavo_plan *p = plan;
  (void)packed;
  struct octavo_runtime runtime = {zero_points, scales};
  if (p->spec[OCTAVO_SPEC_OP] == OCTAVO_GEMM) {
    octavo_gemm_step(p, shape.words, input, output, &runtime, scratch, strip, step);
  } else {
    octavo_elementwise_step(p, shape.words, input, output, zero_points, scales, strip, step);
  }
}
