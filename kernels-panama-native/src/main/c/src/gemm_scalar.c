/* acc[i][j] = init[j] + sum lhs[i, q] * rhs[j, q], a row of 4 columns at a time, in portable C.
 * Exact: every product of an int16 (a widened u8 or s8) and an 8-bit value fits 24 bits; sums wrap in uint32_t. */
#include "gemm.h"

OCTAVO_INLINE void row_of_4(const struct octavo_tile *t, int64_t i, int rhs_signed) {
  const int32_t *init = t->init;
  uint32_t a0 = (uint32_t)init[0], a1 = (uint32_t)init[1], a2 = (uint32_t)init[2], a3 = (uint32_t)init[3];
  const uint8_t *rhs = t->rhs;
  struct octavo_run run = {0};
  for (int64_t r = 0; r < t->run_count; r++, octavo_next_run(&t->runs, &run), rhs += t->rhs_skip) {
    const int16_t *lhs = (const int16_t *)(t->lhs + i * t->lhs_stride + run.offset);
    for (int64_t q = 0; q < t->run_k; q++, rhs += t->rhs_row) {
      int32_t x = lhs[q];
      if (rhs_signed) {
        const int8_t *b = (const int8_t *)rhs;
        a0 += (uint32_t)(x * b[0]), a1 += (uint32_t)(x * b[1]), a2 += (uint32_t)(x * b[2]), a3 += (uint32_t)(x * b[3]);
      } else {
        a0 += (uint32_t)(x * rhs[0]), a1 += (uint32_t)(x * rhs[1]);
        a2 += (uint32_t)(x * rhs[2]), a3 += (uint32_t)(x * rhs[3]);
      }
    }
  }
  int32_t row[4] = {(int32_t)a0, (int32_t)a1, (int32_t)a2, (int32_t)a3}, *acc = t->acc + i * t->acc_stride;
  for (int64_t j = 0; j < (t->narrow ? t->columns : 4); j++) acc[j] = row[j];
}

OCTAVO_INLINE void rows(const struct octavo_tile *t, int rhs_signed) {
  int64_t all = t->rows * (1 + t->more - t->others) + t->other * t->others;
  for (int64_t i = 0; i < all; i++) row_of_4(t, i, rhs_signed);
}

void octavo_gemm_s16u8_4x4x1_scalar(const struct octavo_tile *t) { rows(t, 0); }
void octavo_gemm_s16s8_4x4x1_scalar(const struct octavo_tile *t) { rows(t, 1); }
