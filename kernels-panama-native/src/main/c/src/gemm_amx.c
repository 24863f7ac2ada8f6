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

/* The steps of k, run after run, up or down; the tile before went the other way. */
struct steps {
  const struct octavo_tile *t;
  struct octavo_run run;
  int64_t q;
  const uint8_t *b;          /* of the rhs, in the next step; */
  int64_t next;              /* bytes from step to step */
};

OCTAVO_INLINE struct steps steps_of(const struct octavo_tile *t, int64_t steps) {
  struct steps s = {.t = t, .b = t->rhs, .next = 16 * t->rhs_row};
  if (!t->down) return s;
  s.run = t->last_run;
  s.q = t->run_k - 64;
  s.b += (steps - 1) * s.next;
  s.next = -s.next;
  return s;
}

/* Moves on; returns where in a row of the lhs the step is. */
OCTAVO_INLINE int64_t next_step(struct steps *s) {
  int64_t offset = s->run.offset + s->q;
  s->b += s->next;
  if (s->t->down) {
    s->q -= 64;
    if (s->q >= 0) return offset;
    octavo_previous_run(&s->t->runs, &s->run);
    s->q = s->t->run_k - 64;
  } else {
    s->q += 64;
    if (s->q < s->t->run_k) return offset;
    octavo_next_run(&s->t->runs, &s->run);
    s->q = 0;
  }
  return offset;
}

/* A share of the chore for each step of k, of eight rows: fewer cost more calls than they hide. */
OCTAVO_INLINE int64_t share_of(const struct octavo_tile *t, int64_t steps) {
  return octavo_round_up(octavo_div_up(t->chore->left, octavo_max(1, steps)), 8);
}

OCTAVO_INLINE void meanwhile(const struct octavo_tile *t, int64_t share) {
  struct octavo_chore *chore = t->chore;
  if (chore->left > 0) chore->rows(chore, octavo_min(share, chore->left));
}

/* Two by two tiles. A product takes 16 cycles, four of them more than the 52 until its sum can be added to. */
OCTAVO_INLINE void two_by_two(const struct octavo_tile *t, int a_signed, int b_signed) {
  OCTAVO_TILES(t->tile_rows);
  int64_t second = t->rows - t->tile_rows, stride = t->lhs_stride, row = t->rhs_row, acc_stride = 4 * t->acc_stride;
  int64_t steps = t->run_count * t->run_k / 64, share = share_of(t, steps);
  const uint8_t *a0 = t->lhs, *a1 = a0 + second * stride;
  octavo_tile_load(0, t->init, 0);
  octavo_tile_load(1, t->init + 16, 0);
  octavo_tile_load(2, t->init, 0);
  octavo_tile_load(3, t->init + 16, 0);
  struct steps s = steps_of(t, steps);
  for (int64_t i = steps; i > 0; i--) {
    const uint8_t *b = s.b;
    int64_t offset = next_step(&s);
    octavo_tile_load(6, b, row);
    octavo_tile_load(4, a0 + offset, stride);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    octavo_tile_load(5, a1 + offset, stride);
    octavo_tile_dot(2, 5, 6, a_signed, b_signed);
    octavo_tile_load(7, b + 64, row);
    octavo_tile_dot(1, 4, 7, a_signed, b_signed);
    octavo_tile_dot(3, 5, 7, a_signed, b_signed);
    meanwhile(t, share);
  }
  int32_t *acc0 = t->acc, *acc1 = acc0 + second * t->acc_stride;
  octavo_tile_store(0, acc0, acc_stride);
  octavo_tile_store(1, acc0 + 16, acc_stride);
  octavo_tile_store(2, acc1, acc_stride);
  octavo_tile_store(3, acc1 + 16, acc_stride);
}

/* acc += the sums of other steps of k: `sets` of them, `size` elements apart. */
OCTAVO_INLINE void add_sums(const struct octavo_tile *t, const int32_t *sums, int vectors, int sets, int64_t size) {
  for (int64_t r = 0; r < t->rows; r++) {
    for (int v = 0; v < vectors; v++) {
      __m512i *acc = (__m512i *)(t->acc + t->acc_stride * r + 16 * v);
      const int32_t *more = sums + 16 * (vectors * r + v);
      __m512i sum = _mm512_loadu_si512(acc);
      for (int set = 0; set < sets; set++) sum = _mm512_add_epi32(sum, _mm512_load_si512(more + set * size));
      _mm512_storeu_si512(acc, sum);
    }
  }
}

/* With fewer products in a step, steps take turns with accumulators of their own, summed in the end. Two lhs tiles by one of
 * the rhs: even steps in 0 and 2, odd ones in 1 and 3. */
OCTAVO_INLINE void two_by_one(const struct octavo_tile *t, int a_signed, int b_signed) {
  OCTAVO_TILES(t->tile_rows);
  int64_t second = t->rows - t->tile_rows, stride = t->lhs_stride, row = t->rhs_row;
  int64_t steps = t->run_count * t->run_k / 64, share = share_of(t, steps);
  const uint8_t *a0 = t->lhs, *a1 = a0 + second * stride;
  octavo_tile_load(0, t->init, 0);
  octavo_tile_load(2, t->init, 0);
  octavo_tile_zero(1);
  octavo_tile_zero(3);
  struct steps s = steps_of(t, steps);
  for (int64_t i = steps; i > 0; i -= 2) {
    octavo_tile_load(6, s.b, row);
    int64_t offset = next_step(&s);
    octavo_tile_load(4, a0 + offset, stride);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    octavo_tile_load(5, a1 + offset, stride);
    octavo_tile_dot(2, 5, 6, a_signed, b_signed);
    meanwhile(t, share);
    if (i == 1) break;
    octavo_tile_load(7, s.b, row);
    offset = next_step(&s);
    octavo_tile_load(4, a0 + offset, stride);
    octavo_tile_dot(1, 4, 7, a_signed, b_signed);
    octavo_tile_load(5, a1 + offset, stride);
    octavo_tile_dot(3, 5, 7, a_signed, b_signed);
    meanwhile(t, share);
  }
  octavo_tile_store(0, t->acc, 4 * t->acc_stride);
  octavo_tile_store(2, t->acc + second * t->acc_stride, 4 * t->acc_stride);
  if (steps < 2) return;
  int32_t odd[32 * 16] __attribute__((aligned(64)));
  octavo_tile_store(1, odd, 64);
  octavo_tile_store(3, odd + 16 * second, 64);
  octavo_tiles_behold();
  add_sums(t, odd, 1, 1, 0);
}

/* One lhs tile by two of the rhs: even steps in 0 and 1, odd ones in 2 and 3. */
OCTAVO_INLINE void one_by_two(const struct octavo_tile *t, int a_signed, int b_signed) {
  OCTAVO_TILES(t->tile_rows);
  int64_t stride = t->lhs_stride, row = t->rhs_row, steps = t->run_count * t->run_k / 64, share = share_of(t, steps);
  const uint8_t *a = t->lhs;
  octavo_tile_load(0, t->init, 0);
  octavo_tile_load(1, t->init + 16, 0);
  octavo_tile_zero(2);
  octavo_tile_zero(3);
  struct steps s = steps_of(t, steps);
  for (int64_t i = steps; i > 0; i -= 2) {
    const uint8_t *b = s.b;
    octavo_tile_load(4, a + next_step(&s), stride);
    octavo_tile_load(6, b, row);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    octavo_tile_load(7, b + 64, row);
    octavo_tile_dot(1, 4, 7, a_signed, b_signed);
    meanwhile(t, share);
    if (i == 1) break;
    b = s.b;
    octavo_tile_load(5, a + next_step(&s), stride);
    octavo_tile_load(6, b, row);
    octavo_tile_dot(2, 5, 6, a_signed, b_signed);
    octavo_tile_load(7, b + 64, row);
    octavo_tile_dot(3, 5, 7, a_signed, b_signed);
    meanwhile(t, share);
  }
  octavo_tile_store(0, t->acc, 4 * t->acc_stride);
  octavo_tile_store(1, t->acc + 16, 4 * t->acc_stride);
  if (steps < 2) return;
  int32_t odd[16 * 32] __attribute__((aligned(64)));
  octavo_tile_store(2, odd, 128);
  octavo_tile_store(3, odd + 16, 128);
  octavo_tiles_behold();
  add_sums(t, odd, 2, 1, 0);
}

/* One by one: four steps in turns. */
OCTAVO_INLINE void one_by_one(const struct octavo_tile *t, int a_signed, int b_signed) {
  OCTAVO_TILES(t->tile_rows);
  int64_t stride = t->lhs_stride, row = t->rhs_row, steps = t->run_count * t->run_k / 64, share = share_of(t, steps), i = steps;
  const uint8_t *a = t->lhs;
  octavo_tile_load(0, t->init, 0);
  octavo_tile_zero(1);
  octavo_tile_zero(2);
  octavo_tile_zero(3);
  struct steps s = steps_of(t, steps);
  for (; i >= 4; i -= 4) {
    octavo_tile_load(6, s.b, row);
    octavo_tile_load(4, a + next_step(&s), stride);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    octavo_tile_load(7, s.b, row);
    octavo_tile_load(5, a + next_step(&s), stride);
    octavo_tile_dot(1, 5, 7, a_signed, b_signed);
    octavo_tile_load(6, s.b, row);
    octavo_tile_load(4, a + next_step(&s), stride);
    octavo_tile_dot(2, 4, 6, a_signed, b_signed);
    octavo_tile_load(7, s.b, row);
    octavo_tile_load(5, a + next_step(&s), stride);
    octavo_tile_dot(3, 5, 7, a_signed, b_signed);
    meanwhile(t, 4 * share);
  }
  for (; i > 0; i--) {
    octavo_tile_load(6, s.b, row);
    octavo_tile_load(4, a + next_step(&s), stride);
    octavo_tile_dot(0, 4, 6, a_signed, b_signed);
    meanwhile(t, share);
  }
  octavo_tile_store(0, t->acc, 4 * t->acc_stride);
  if (steps < 4) return;
  int32_t others[3 * 16 * 16] __attribute__((aligned(64)));
  octavo_tile_store(1, others, 64);
  octavo_tile_store(2, others + 256, 64);
  octavo_tile_store(3, others + 512, 64);
  octavo_tiles_behold();
  add_sums(t, others, 1, 3, 256);
}

OCTAVO_INLINE void tile(const struct octavo_tile *t, int a_signed, int b_signed) {
  octavo_tiles_behold();
  int wide = t->columns > 16;
  if (t->rows > t->tile_rows) {
    if (wide) two_by_two(t, a_signed, b_signed); else two_by_one(t, a_signed, b_signed);
  } else {
    if (wide) one_by_two(t, a_signed, b_signed); else one_by_one(t, a_signed, b_signed);
  }
  octavo_tiles_behold();
}

void octavo_gemm_u8u8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 0, 0); }
void octavo_gemm_u8s8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 0, 1); }
void octavo_gemm_s8u8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 1, 0); }
void octavo_gemm_s8s8_32x32x4_amx(const struct octavo_tile *t) { tile(t, 1, 1); }

void octavo_tiles_begin_amx(int64_t rows) { octavo_tiles_set(rows); }
void octavo_tiles_end_amx(void) { octavo_tiles_clear(); }
