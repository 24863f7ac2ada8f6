/* acc += lhs * w, one channel at a time, in portable C; lhs and weights are int16. Exact: |w| <= 383, |lhs| <= 255. */
#include "depthwise.h"

enum { BLOCK = 16 };

static void run(const struct octavo_depthwise *d) {
  for (int64_t x = 0; x < d->columns; x++) {
    int32_t *acc = d->acc + x * BLOCK;
    for (int c = 0; c < BLOCK; c++) {
      uint32_t sum = (uint32_t)d->init[c];
      for (int64_t h = 0; h < d->kh; h++) {
        const uint8_t *from = d->lhs + x * d->step + h * d->tap_row;
        const int16_t *w = (const int16_t *)d->weights + h * d->kw * BLOCK;
        for (int64_t t = 0; t < d->kw; t++) sum += (uint32_t)(((const int16_t *)(from + t * d->tap))[c] * w[t * BLOCK + c]);
      }
      acc[c] = (int32_t)sum;
    }
  }
}

const struct octavo_depthwise_ops octavo_depthwise_scalar = {
    BLOCK, {{{run, run}, 1, 1}, {{run, run}, 1, 1}, {{run, run}, 1, 1}}};
