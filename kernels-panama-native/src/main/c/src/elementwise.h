/* Elementwise ops: outer rows of channels x inner contiguous elements. */
#ifndef OCTAVO_ELEMENTWISE_H
#define OCTAVO_ELEMENTWISE_H

#include "plan.h"

const char *octavo_elementwise_name(const struct octavo_backend *b, const int64_t *spec);
/* Lays the per-channel arrays; returns the plan's size. */
int64_t octavo_plan_elementwise(struct octavo_plan *plan, int64_t start);
int64_t octavo_elementwise_strips(const struct octavo_plan *plan, const int64_t *shape);
int64_t octavo_elementwise_scratch(const struct octavo_plan *plan, const int64_t *shape);
void octavo_elementwise_run(const struct octavo_plan *plan, const int64_t *shape, const void *in, void *out,
                            int32_t *zero_points, float *scales, void *scratch, int64_t first, int64_t last);
/* Of one strip of a dynamic quantization: see octavo_steps(). */
int64_t octavo_elementwise_steps(const struct octavo_plan *plan, const int64_t *shape);
void octavo_elementwise_step(const struct octavo_plan *plan, const int64_t *shape, const void *in, void *out,
                             int32_t *zero_points, float *scales, int64_t strip, int64_t step);

#endif
