/* A convolution by winograd.h, for conv.c. */
#ifndef OCTAVO_WINOGRAD_PASS_H
#define OCTAVO_WINOGRAD_PASS_H

#include "image.h"
#include "product.h"
#include "winograd.h"

/* A strip's image in scratch, as int16: one pixel, the next, the next row. There are pixels for whole tiles. */
struct octavo_winograd_image {
  const uint8_t *first;
  int64_t pixel, row;
  int64_t lines;             /* of output */
};

/* Whether a spec allows it; whether a shape gains by it. */
int octavo_winograd_can(const struct octavo_backend *b, const struct octavo_plan *p);
int octavo_winograd_pays(const struct octavo_plan *p, const struct octavo_conv *c);

/* Lines that a strip should have, an even number. */
int64_t octavo_winograd_lines(const struct octavo_conv *c);

int64_t octavo_winograd_scratch(const struct octavo_plan *p, const struct octavo_conv *c, int64_t lines);
/* The range's lines of all its panels; `dst` is the first line's first column of all. */
void octavo_winograd_run(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_winograd_image *image,
                         const struct octavo_range *range, uint8_t *dst, const struct octavo_runtime *runtime, uint8_t *scratch);

#endif
