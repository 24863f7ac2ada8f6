/* acc[i][j] = init[j] + sum over sixty-fours of k: lhs[i, q .. q + 63] . rhs[j, q .. q + 63]
 *
 * Tile 32 x 32, kr = 4 in memory, 64 per step: two by two hardware tiles of 16 x 16. Multiply: tdpbuud, tdpbusd, tdpbsud,
 * tdpbssd, four products summed into s32 without saturation; each operand is read signed or unsigned as it is, so nothing is
 * flipped and -128 is just -128. Sums wrap modulo 2^32.
 *
 * Hardware tiles have `tile_rows` rows (16, or all the rows there are if fewer). More rows than that make a second tile,
 * which ends at the last row and may overlap the first: the rows they share come out the same. run_k is a multiple of 64;
 * where k is not, the lhs is padded with zeros, and what is read of the rhs behind its k meets them. */
#include "gemm.h"
#include "tile.h"

/* The steps of k, run after run. */
struct steps {
  const struct octavo_tile *t;
  struct octavo_run run;
  int64_t q;
};

OCTAVO_INLINE int64_t next_step(struct steps *s) {
  int64_t offset = s->run.offset + s->q;
  s->q += 64;
  if (s->q == s->t->run_k) {
    s->q = 0;
    octavo_next_run(&s->t->runs, &s->run);
  }
  return offset;
}

/* Two lhs tiles by NV rhs tiles: tiles 0, 1 and 2, 3. */
OCTAVO_INLINE void tall(const struct octavo_tile *t, int NV, int a_signed, int b_signed) {
  OCTAVO_TILES(t->tile_rows);
  int64_t second = t->rows - t->tile_rows, stride = t->lhs_stride, row = t->rhs_row, acc_stride = 4 * t->acc_stride;
  const uint8_t *a0 = t->lhs, *a1 = a0 + second * stride, *b = t->rhs;
  octavo_tile_load(0, t->init, 0);
  octavo_tile_load(2, t->init, 0);
  if (NV == 2) {
    octavo_tile_load(1, t->init + 16, 0);
    octavo_tile_load(3, t->init + 16, 0);
  }
  struct steps s = {.t = t};
  for (int64_t i = t->run_count * t->run_k; i > 0; i -= 64, b += 16 * row) {
    int64_t offset = next_step(&s);
    octavo_tile_load(6, b, row);
    octavo_tile_load(4, a0 + offset, stride);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    octavo_tile_load(5, a1 + offset, stride);
    octavo_tile_dot(2, 5, 6, a_signed, b_signed);
    if (NV == 2) {
      octavo_tile_load(7, b + 64, row);
      octavo_tile_dot(1, 4, 7, a_signed, b_signed);
      octavo_tile_dot(3, 5, 7, a_signed, b_signed);
    }
  }
  octavo_tile_store(0, t->acc, acc_stride);
  octavo_tile_store(2, t->acc + second * t->acc_stride, acc_stride);
  if (NV == 2) {
    octavo_tile_store(1, t->acc + 16, acc_stride);
    octavo_tile_store(3, t->acc + second * t->acc_stride + 16, acc_stride);
  }
}

/* One lhs tile by NV rhs tiles. A dot product takes 52 cycles until its sum can be added to, so even and odd steps of k have
 * accumulators of their own: 0, 1 and 2, 3, summed in the end. */
OCTAVO_INLINE void flat(const struct octavo_tile *t, int NV, int a_signed, int b_signed) {
  OCTAVO_TILES(t->tile_rows);
  int64_t stride = t->lhs_stride, row = t->rhs_row;
  const uint8_t *a = t->lhs, *b = t->rhs;
  octavo_tile_load(0, t->init, 0);
  octavo_tile_zero(2);
  if (NV == 2) {
    octavo_tile_load(1, t->init + 16, 0);
    octavo_tile_zero(3);
  }
  struct steps s = {.t = t};
  int64_t i = t->run_count * t->run_k;
  for (; i > 64; i -= 128, b += 32 * row) {
    octavo_tile_load(4, a + next_step(&s), stride);
    octavo_tile_load(6, b, row);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    if (NV == 2) {
      octavo_tile_load(7, b + 64, row);
      octavo_tile_dot(1, 4, 7, a_signed, b_signed);
    }
    octavo_tile_load(5, a + next_step(&s), stride);
    octavo_tile_load(6, b + 16 * row, row);
    octavo_tile_dot(2, 5, 6, a_signed, b_signed);
    if (NV == 2) {
      octavo_tile_load(7, b + 16 * row + 64, row);
      octavo_tile_dot(3, 5, 7, a_signed, b_signed);
    }
  }
  if (i > 0) {
    octavo_tile_load(4, a + next_step(&s), stride);
    octavo_tile_load(6, b, row);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    if (NV == 2) {
      octavo_tile_load(7, b + 64, row);
      octavo_tile_dot(1, 4, 7, a_signed, b_signed);
    }
  }
  int32_t odd[16 * 32] __attribute__((aligned(64)));
  octavo_tile_store(0, t->acc, 4 * t->acc_stride);
  octavo_tile_store(2, odd, 128);
  if (NV == 2) {
    octavo_tile_store(1, t->acc + 16, 4 * t->acc_stride);
    octavo_tile_store(3, odd + 16, 128);
  }
  for (int64_t r = 0; r < t->rows; r++) {
    for (int v = 0; v < NV; v++) {
      __m512i *sum = (__m512i *)(t->acc + t->acc_stride * r + 16 * v);
      _mm512_storeu_si512(sum, _mm512_add_epi32(_mm512_loadu_si512(sum), _mm512_loadu_si512(odd + 32 * r + 16 * v)));
    }
  }
}

OCTAVO_INLINE void tile(const struct octavo_tile *t, int a_signed, int b_signed) {
  octavo_tiles_behold();
  if (t->rows > t->tile_rows) {
    if (t->columns > 16) tall(t, 2, a_signed, b_signed); else tall(t, 1, a_signed, b_signed);
  } else {
    if (t->columns > 16) flat(t, 2, a_signed, b_signed); else flat(t, 1, a_signed, b_signed);
  }
}

void octavo_gemm_u8u8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 0, 0); }
void octavo_gemm_u8s8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 0, 1); }
void octavo_gemm_s8u8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 1, 0); }
void octavo_gemm_s8s8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 1, 1); }

void octavo_tiles_begin_amx(int64_t rows) { octavo_tiles_set(rows); }
void octavo_tiles_end_amx(void) { octavo_tiles_clear(); }

/* Runs side by side: what a row's microkernel step would read, made contiguous. Masked, so nothing outside is touched. */
void octavo_gather_amx(uint8_t *to, const uint8_t *row, const struct octavo_runs *runs, int64_t run_count, int64_t run_k,
                       int64_t end) {
  struct octavo_run run = {0};
  for (int64_t r = 0; r < run_count; r++, octavo_next_run(runs, &run)) {
    const uint8_t *from = row + run.offset;
    for (int64_t q = 0; q < run_k; q += 64, to += 64) {
      __mmask64 mask = run_k - q >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << (run_k - q)) - 1;
      _mm512_mask_storeu_epi8(to, mask, _mm512_maskz_loadu_epi8(mask, from + q));
    }
    to += run_k - octavo_round_up(run_k, 64);
  }
  int64_t zeros = end - run_count * run_k; /* fewer than 64 */
  _mm512_mask_storeu_epi8(to, (UINT64_C(1) << zeros) - 1, _mm512_setzero_si512());
}
