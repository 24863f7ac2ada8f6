/* The lhs as bytes, 64 at a time, ends by mask. */
#include <immintrin.h>

#include "lhs.h"

OCTAVO_INLINE __mmask64 first(int64_t count) {
  return count >= 64 ? ~UINT64_C(0) : count <= 0 ? 0 : (UINT64_C(1) << count) - 1;
}

static void pack(uint8_t *dst, int64_t dst_stride, const uint8_t *src, int64_t src_stride, int64_t rows, int64_t count,
                 int64_t padded, int32_t flip) {
  if (octavo_pack_short(dst, dst_stride, src, src_stride, rows, count, padded, (uint8_t)flip)) return;
  __m512i mask = _mm512_set1_epi8((char)flip);
  for (int64_t r = 0; r < rows; r++, dst += dst_stride, src += src_stride) {
    int64_t i = 0;
    for (; i + 64 <= count; i += 64) _mm512_storeu_si512(dst + i, _mm512_xor_si512(_mm512_loadu_si512(src + i), mask));
    for (; i < count || i < padded; i += 64) {
      __mmask64 some = first(count - i);
      __m512i x = _mm512_maskz_loadu_epi8(some, src + i);
      _mm512_mask_storeu_epi8(dst + i, first((count > padded ? count : padded) - i), _mm512_maskz_mov_epi8(some, _mm512_xor_si512(x, mask)));
    }
  }
}

static void fill(uint8_t *dst, int32_t value, int64_t count) {
  __m512i x = _mm512_set1_epi8((char)value);
  for (int64_t i = 0; i < count; i += 64) _mm512_mask_storeu_epi8(dst + i, first(count - i), x);
}

static int32_t sum(const uint8_t *src, int64_t count, int32_t is_signed) {
  __m512i total = _mm512_setzero_si512(), one = _mm512_set1_epi8(1);
  for (int64_t i = 0; i < count; i += 64) {
    __m512i x = _mm512_maskz_loadu_epi8(first(count - i), src + i);
    total = is_signed ? _mm512_dpbusd_epi32(total, one, x) : _mm512_dpbusd_epi32(total, x, one);
  }
  return _mm512_reduce_add_epi32(total);
}

const struct octavo_lhs_ops octavo_lhs_bytes_avx512 = {pack, fill, sum, NULL};
