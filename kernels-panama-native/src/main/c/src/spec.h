/* A spec, read from the words of the ABI. */
#ifndef OCTAVO_SPEC_H
#define OCTAVO_SPEC_H

#include "../include/octavo.h"
#include "freestanding.h"

/* The words may lie at any address: a caller's buffer owes them no alignment. */
OCTAVO_INLINE int64_t octavo_word(const int64_t *words, int at) {
  int64_t value;
  __builtin_memcpy(&value, (const char *)words + 8 * (int64_t)at, 8);
  return value;
}

OCTAVO_INLINE float octavo_float_word(int64_t word) {
  uint32_t bits = (uint32_t)word;
  float value;
  __builtin_memcpy(&value, &bits, 4);
  return value;
}

OCTAVO_INLINE int64_t octavo_type_bytes(int64_t type) { return type >= OCTAVO_S32 ? 4 : 1; }

/* A convolution in which every output channel reads one input channel. */
OCTAVO_INLINE int octavo_is_depthwise(const int64_t *w) {
  return w[OCTAVO_SPEC_OP] == OCTAVO_CONV && w[OCTAVO_SPEC_GROUPS] > 1 &&
         w[OCTAVO_SPEC_GROUPS] == w[OCTAVO_SPEC_K];
}

#endif
