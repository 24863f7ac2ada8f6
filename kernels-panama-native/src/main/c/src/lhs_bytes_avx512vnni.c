/* The lhs as bytes, 64 at a time; ends by mask, or, where many short rows are packed side by side (the pixels of an image), by vectors that end
 * where the row does: a masked store of 16 bytes next to the last one takes some 10 cycles. */
#include <immintrin.h>

#include "lhs.h"

OCTAVO_INLINE __mmask64 first(int64_t count) {
  return count >= 64 ? ~UINT64_C(0) : count <= 0 ? 0 : (UINT64_C(1) << count) - 1;
}

/* A row of at least 16 bytes. */
static void pack_row(uint8_t *to, const uint8_t *from, int64_t count, __m512i flip) {
  if (count < 32) {
    __m128i mask = _mm512_castsi512_si128(flip), *end = (__m128i *)(to + count - 16);
    __m128i a = _mm_loadu_si128((const __m128i *)from), b = _mm_loadu_si128((const __m128i *)(from + count - 16));
    _mm_storeu_si128((__m128i *)to, _mm_xor_si128(a, mask));
    _mm_storeu_si128(end, _mm_xor_si128(b, mask));
  } else if (count < 64) {
    __m256i mask = _mm512_castsi512_si256(flip), *end = (__m256i *)(to + count - 32);
    __m256i a = _mm256_loadu_si256((const __m256i *)from), b = _mm256_loadu_si256((const __m256i *)(from + count - 32));
    _mm256_storeu_si256((__m256i *)to, _mm256_xor_si256(a, mask));
    _mm256_storeu_si256(end, _mm256_xor_si256(b, mask));
  } else {
    __m512i last = _mm512_xor_si512(_mm512_loadu_si512(from + count - 64), flip);
    for (int64_t i = 0; i + 64 <= count; i += 64) _mm512_storeu_si512(to + i, _mm512_xor_si512(_mm512_loadu_si512(from + i), flip));
    _mm512_storeu_si512(to + count - 64, last);
  }
}

static void pack(uint8_t *dst, int64_t dst_stride, const uint8_t *src, int64_t src_stride, int64_t rows, int64_t count,
                 int64_t padded, int32_t flip) {
  if (octavo_pack_short(dst, dst_stride, src, src_stride, rows, count, padded, (uint8_t)flip)) return;
  __m512i mask = _mm512_set1_epi8((char)flip);
  for (int64_t r = 0; r < rows; r++, dst += dst_stride, src += src_stride) {
    if (count >= 16 && padded <= count) {
      pack_row(dst, src, count, mask);
      continue;
    }
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
