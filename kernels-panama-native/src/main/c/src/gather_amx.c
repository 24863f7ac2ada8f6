/* to[i][0 .. end) = the runs of row i, side by side, zeros behind them.
 *
 * A tile unit takes 64 bytes of k at a time; rows whose runs are no whole steps of that (an RGB stem, 24 channels) are laid out so. 64 bytes
 * of all rows at a time: which runs bring them is found once, and each row's are put together in a register and stored once. */
#include "gemm.h"

#include <immintrin.h>

/* What one run brings to 64 gathered bytes: where byte 0 would come from if it were of that run, and which bytes are. */
struct piece {
  const uint8_t *from;
  __mmask64 mask;
};

/* 64 bytes of every row. Loads are masked, so nothing outside of a run is touched, and land where they belong. */
OCTAVO_INLINE void gather_bytes(const struct octavo_gather *g, uint8_t *to, const struct piece *pieces, int count, int64_t rows) {
  for (int64_t i = 0, at = 0; i < rows; i++, at += g->row, to += g->stride) {
    __m512i x = _mm512_setzero_si512();
#pragma GCC unroll 8
    for (int j = 0; j < count; j++) x = _mm512_mask_loadu_epi8(x, pieces[j].mask, pieces[j].from + at);
    _mm512_storeu_si512(to, x);
  }
}

#define PIECES(n) case n: gather_bytes(g, to + at, pieces, n, rows); break;

void octavo_gather_amx(const struct octavo_gather *g, uint8_t *to, const uint8_t *from, int64_t rows) {
  struct octavo_run run = {0};
  int64_t begin = 0, left = g->run_count; /* where the run is to begin; runs from it on */
  for (int64_t at = 0; at < g->end; at += 64) {
    struct piece pieces[64];
    int count = 0;
    while (left > 0 && begin < at + 64) {
      int64_t first = octavo_max(0, begin - at), last = octavo_min(64, begin + g->run_k - at);
      pieces[count++] = (struct piece){from + run.offset - (begin - at), (~UINT64_C(0) >> (64 - last)) & (~UINT64_C(0) << first)};
      if (begin + g->run_k > at + 64) break;
      begin += g->run_k;
      left--;
      octavo_next_run(&g->runs, &run);
    }
    switch (count) {
      PIECES(0) PIECES(1) PIECES(2) PIECES(3) PIECES(4) PIECES(5) PIECES(6) PIECES(7)
      default: gather_bytes(g, to + at, pieces, count, rows);
    }
  }
}
