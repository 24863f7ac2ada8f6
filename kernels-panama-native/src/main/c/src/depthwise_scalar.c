/* acc += lhs * w, one lane at a time, in portable C; lhs and weights are int16. Exact: |w| <= 383, |lhs| <= 255. */
#include "depthwise.h"

enum { BLOCK = 16 };

static void run(const struct octavo_depthwise *d) {
  for (int64_t line = 0; line < d->lines; line++) {
    int32_t *acc = d->acc + line * BLOCK;
    for (int c = 0; c < BLOCK; c++) {
      uint32_t sum = (uint32_t)d->init[c];
      const int16_t *w = (const int16_t *)d->weights;
      for (int64_t h = 0; h < d->kh; h++) {
        const uint8_t *from = d->rows[0] + d->at + line * d->line + h * d->row + 2 * c;
        for (int64_t t = 0; t < d->kw; t++, w += BLOCK) {
          int64_t tap = t < OCTAVO_DEPTHWISE_TAPS ? d->taps[t] : octavo_depthwise_tap(d, t);
          sum += (uint32_t)(*(const int16_t *)(from + tap) * w[c]);
        }
      }
      acc[c] = (int32_t)sum;
    }
  }
}

#define WAY {{run}, {NULL}, {run}} /* the other ends are left to the output stage */

const struct octavo_depthwise_ops octavo_depthwise_scalar = {BLOCK, 1, 1, 1, {8, 8}, {WAY, WAY, WAY, WAY, WAY, WAY, WAY}};
