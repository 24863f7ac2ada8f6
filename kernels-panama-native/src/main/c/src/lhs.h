/* How the lhs gets into scratch: as bytes with the sign bit turned or not, or widened to int16. Element = 1 or 2 bytes. */
#ifndef OCTAVO_LHS_H
#define OCTAVO_LHS_H

#include "ukernel.h"

struct octavo_lhs_ops {
  /* `rows` rows of `count` elements, then zeros up to `padded` elements. `mode`: bytes: the XOR mask; wide: 1 if the source
   * is signed. Strides are in bytes. */
  void (*pack)(uint8_t *dst, int64_t dst_stride, const uint8_t *src, int64_t src_stride, int64_t rows, int64_t count,
               int64_t padded, int32_t mode);
  void (*fill)(uint8_t *dst, int32_t value, int64_t count);
  /* Sum of packed (or in-place) elements; `is_signed` tells how to read bytes. */
  int32_t (*sum)(const uint8_t *src, int64_t count, int32_t is_signed);
  /* Sum of a0 a2 + a1 a3 over the whole fours a0 .. a3 of a row's runs, of `count` packed elements each; NULL where no kernel
   * works by paired products. */
  int32_t (*pairs)(const uint8_t *row, const struct octavo_runs *runs, int64_t run_count, int64_t count);
};

/* Rows of a length that the compiler knows: a group's channels in a pixel, for which a loop over vectors and an end takes longer than the
 * bytes. 1: done. */
OCTAVO_INLINE void octavo_pack_length(uint8_t *restrict dst, int64_t dst_stride, const uint8_t *restrict src, int64_t src_stride,
                                      int64_t rows, int length, uint8_t flip) {
  for (int64_t r = 0; r < rows; r++, dst += dst_stride, src += src_stride) {
    for (int i = 0; i < length; i++) dst[i] = src[i] ^ flip;
  }
}
OCTAVO_INLINE int octavo_pack_short(uint8_t *dst, int64_t dst_stride, const uint8_t *src, int64_t src_stride, int64_t rows, int64_t count,
                                    int64_t padded, uint8_t flip) {
  if (padded > count) return 0;
  switch (count) {
    case 4: octavo_pack_length(dst, dst_stride, src, src_stride, rows, 4, flip); return 1;
    case 8: octavo_pack_length(dst, dst_stride, src, src_stride, rows, 8, flip); return 1;
    case 16: octavo_pack_length(dst, dst_stride, src, src_stride, rows, 16, flip); return 1;
    case 32: octavo_pack_length(dst, dst_stride, src, src_stride, rows, 32, flip); return 1;
    default: return 0;
  }
}

extern const struct octavo_lhs_ops octavo_lhs_wide_scalar, octavo_lhs_wide_avx2, octavo_lhs_bytes_avx2,
    octavo_lhs_bytes_avx512;

#endif
