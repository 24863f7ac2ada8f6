/* vpdpbusd on 256 bits, in its VEX form; a build that imitates AVX-VNNI takes the same instruction from AVX-512. */
#ifndef OCTAVO_AVXVNNI_H
#define OCTAVO_AVXVNNI_H

#include <immintrin.h>

#include "freestanding.h"

OCTAVO_INLINE __m256i octavo_dpbusd(__m256i acc, __m256i u, __m256i s) {
#ifdef OCTAVO_EMULATE
  return _mm256_dpbusd_epi32(acc, u, s);
#else
  return _mm256_dpbusd_avx_epi32(acc, u, s);
#endif
}

#endif
