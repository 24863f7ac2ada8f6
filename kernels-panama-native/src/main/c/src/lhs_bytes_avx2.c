/* The lhs as bytes, 32 at a time, or 16; a row's last, partial vector is the one that ends at the row's end, where rows are long
 * enough for that. */
#include <immintrin.h>

#include "lhs.h"

static void pack_row(uint8_t *to, const uint8_t *from, int64_t count, __m256i flip) {
  int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    _mm256_storeu_si256((__m256i *)(to + i), _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(from + i)), flip));
  }
  if (i == count) return;
  if (count >= 32) {
    i = count - 32;
    _mm256_storeu_si256((__m256i *)(to + i), _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(from + i)), flip));
  } else if (count >= 16) {
    __m128i half = _mm256_castsi256_si128(flip), *end = (__m128i *)(to + count - 16);
    __m128i a = _mm_loadu_si128((const __m128i *)from), b = _mm_loadu_si128((const __m128i *)(from + count - 16));
    _mm_storeu_si128((__m128i *)to, _mm_xor_si128(a, half));
    _mm_storeu_si128(end, _mm_xor_si128(b, half));
  } else {
    uint8_t mask = (uint8_t)_mm256_extract_epi8(flip, 0);
    for (; i < count; i++) to[i] = from[i] ^ mask;
  }
}

static void pack(uint8_t *dst, int64_t dst_stride, const uint8_t *src, int64_t src_stride, int64_t rows, int64_t count,
                 int64_t padded, int32_t flip) {
  if (octavo_pack_short(dst, dst_stride, src, src_stride, rows, count, padded, (uint8_t)flip)) return;
  __m256i mask = _mm256_set1_epi8((char)flip);
  for (int64_t r = 0; r < rows; r++, dst += dst_stride, src += src_stride) {
    pack_row(dst, src, count, mask);
    for (int64_t i = count; i < padded; i++) dst[i] = 0;
  }
}

static void fill(uint8_t *dst, int32_t value, int64_t count) {
  for (int64_t i = 0; i < count; i++) dst[i] = (uint8_t)value;
}

static int32_t sum(const uint8_t *src, int64_t count, int32_t is_signed) {
  uint32_t total = 0;
  for (int64_t i = 0; i < count; i++) total += src[i] ^ (is_signed ? 0x80u : 0u);
  return (int32_t)(total - (is_signed ? 128u * (uint32_t)count : 0u));
}

const struct octavo_lhs_ops octavo_lhs_bytes_avx2 = {pack, fill, sum, NULL};
