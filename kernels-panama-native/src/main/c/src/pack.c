/* Packing: from the weights as their owner keeps them to panels, by the law of octavo.h, and the sums of columns.
 *
 * Weights come in three orders in practice: a column's k one after another (rowsOfK, OHWI), a row's columns (rowsOfN,
 * HWIO), or each filter tap by itself (OIHW). Each has a loop that moves whole steps; what is left goes byte by byte.
 * On AMD EPYC "Turin" the loops are 7 to 40 times as fast as that (docs/PERFORMANCE.md, "Preparing"). */
#include "plan.h"

typedef uint32_t __attribute__((may_alias, aligned(1))) four;
typedef uint16_t __attribute__((may_alias, aligned(1))) two;

enum {
  BLOCK = 64,       /* bytes of a column before the next one's turn: so much of a panel stays in the first-level cache */
  MOST_COLUMNS = 64 /* of a panel */
};

/* A run of a column: where it is from, its bytes there, and where it goes. */
struct stretch {
  const uint8_t *from;
  int64_t o, i, k;           /* stride of columns, stride and number of bytes in a column */
  uint8_t *to;               /* lane 0 of the step that begins with the run */
  int64_t step;              /* bytes of a step of kr: width * kr */
};

/* The sum of the bytes of x. */
OCTAVO_INLINE uint32_t sum_of(uint32_t x) {
  uint32_t pairs = (x & 0x00ff00ffu) + (x >> 8 & 0x00ff00ffu);
  return (pairs & 0xffff) + (pairs >> 16);
}

/* Whole fours of one column's block, `i` apart; bytes are summed with `turn` applied. */
OCTAVO_INLINE uint32_t block(const uint8_t *from, int64_t i, uint8_t *to, int64_t step, int64_t bytes, int kr, uint32_t turn) {
  uint32_t sum = 0;
  for (int64_t q = 0; q < bytes; q += 4) {
    const uint8_t *f = from + q * i;
    uint8_t gathered[4] = {f[0], f[i], f[2 * i], f[3 * i]};
    uint32_t x = i == 1 ? *(const four *)f : *(const four *)gathered;
    if (kr == 4) {
      *(four *)(to + q / 4 * step) = x;
    } else {
      const two *halves = (const two *)&x;
      *(two *)(to + q / 2 * step) = halves[0];
      *(two *)(to + q / 2 * step + step) = halves[1];
    }
    sum += sum_of(x ^ turn);
  }
  return sum;
}

/* Adds to sums[] what whole fours of each column hold, and says how many bytes of it that were. */
OCTAVO_INLINE int64_t by_columns(const struct stretch *s, int64_t i, int64_t columns, int kr, int is_signed, uint32_t *sums) {
  int64_t whole = s->k & ~(int64_t)3;
  uint32_t turn = is_signed ? 0x80808080u : 0; /* signed b is unsigned (b ^ 0x80) - 128 */
  for (int64_t at = 0; at < whole; at += BLOCK) {
    int64_t bytes = octavo_min(BLOCK, whole - at);
    for (int64_t j = 0; j < columns; j++) {
      uint8_t *to = s->to + at / kr * s->step + j * kr;
      sums[j] += block(s->from + j * s->o + at * i, i, to, s->step, bytes, kr, turn);
      if (is_signed) sums[j] -= 128 * (uint32_t)bytes;
    }
  }
  return whole;
}

/* The same where the columns of a row are adjacent. */
OCTAVO_INLINE int64_t by_rows(const struct stretch *s, int64_t columns, int kr, int is_signed, uint32_t *sums) {
  int64_t whole = s->k & ~(int64_t)3;
  for (int64_t q = 0; q < whole; q += 4) {
    const uint8_t *a = s->from + q * s->i, *b = a + s->i, *c = b + s->i, *d = c + s->i;
    uint8_t *to = s->to + q / kr * s->step, *half = to + s->step;
    for (int64_t j = 0; j < columns; j++) {
      if (kr == 4) {
        to[4 * j] = a[j], to[4 * j + 1] = b[j], to[4 * j + 2] = c[j], to[4 * j + 3] = d[j];
      } else {
        to[2 * j] = a[j], to[2 * j + 1] = b[j], half[2 * j] = c[j], half[2 * j + 1] = d[j];
      }
    }
    for (int64_t j = 0; j < columns; j++) {
      sums[j] += is_signed ? (uint32_t)((int8_t)a[j] + (int8_t)b[j] + (int8_t)c[j] + (int8_t)d[j])
                           : (uint32_t)(a[j] + b[j] + c[j] + d[j]);
    }
  }
  return whole;
}

/* Byte by byte, from the byte `first` of each column on; `offset`: of the stretch in its first step. */
static void singly(const struct stretch *s, int64_t columns, int64_t kr, int64_t offset, int64_t first, int is_signed,
                   uint32_t *sums) {
  for (int64_t i = first; i < s->k; i++) {
    int64_t q = offset + i;
    uint8_t *to = s->to + q / kr * s->step + q % kr;
    const uint8_t *from = s->from + i * s->i;
    for (int64_t j = 0; j < columns; j++) {
      uint8_t value = from[j * s->o];
      to[j * kr] = value;
      sums[j] += is_signed ? (uint32_t)(int8_t)value : value;
    }
  }
}

/* Whole fours of a stretch, as long as they begin with a step. */
OCTAVO_INLINE int64_t pack_fours(const struct stretch *s, int64_t columns, int kr, int is_signed, uint32_t *sums) {
  if (s->i == 1) return by_columns(s, 1, columns, kr, is_signed, sums);
  return s->o == 1 ? by_rows(s, columns, kr, is_signed, sums) : by_columns(s, s->i, columns, kr, is_signed, sums);
}

/* Packs a stretch that begins with byte q of the packed columns. */
static void pack_stretch(struct stretch *s, int64_t q, int64_t columns, int64_t kr, int is_signed, uint32_t *sums) {
  int64_t offset = q % kr, done = 0;
  s->to += q / kr * s->step;
  if (offset == 0 && kr == 4) {
    done = is_signed ? pack_fours(s, columns, 4, 1, sums) : pack_fours(s, columns, 4, 0, sums);
  } else if (offset == 0 && kr == 2) {
    done = is_signed ? pack_fours(s, columns, 2, 1, sums) : pack_fours(s, columns, 2, 0, sums);
  }
  singly(s, columns, kr, offset, done, is_signed, sums);
}

static void add(uint32_t *to, const uint32_t *sums, int64_t columns) {
  for (int64_t j = 0; j < columns; j++) to[j] += sums[j];
}

void octavo_pack_panel(const struct octavo_geometry *g, const struct octavo_source *s, int64_t columns, int64_t width,
                       uint8_t *panel, const struct octavo_sums *sums) {
  /* The pixels of a filter row are one stretch where they are adjacent, and nobody asks for the sums of each. */
  int one = !sums->taps && s->w == g->run_i * s->i;
  int64_t stretches = one ? 1 : g->merged_w, k = one ? g->run_k : g->run_i;
  for (int64_t run = 0; run < g->run_count; run++) {
    const uint8_t *from = s->weights + run / g->runs_w * s->h + run % g->runs_w * s->w;
    for (int64_t n = 0; n < stretches; n++) {
      struct stretch stretch = {from + n * s->w, s->o, s->i, k, panel, width * g->kr};
      uint32_t of_stretch[MOST_COLUMNS] = {0};
      pack_stretch(&stretch, run * g->run_packed + n * k, columns, g->kr, s->is_signed, of_stretch);
      add(sums->columns, of_stretch, columns);
      if (sums->runs) add(sums->runs + run * g->nr, of_stretch, columns);
      if (sums->taps) add(sums->taps + n * g->nr, of_stretch, columns);
    }
  }
}
