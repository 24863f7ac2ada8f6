/* GEMM: a strip's rows are read where they lie, or packed into scratch first when the microkernel cannot read them there:
 * it wants int16, or the other sign, or whole steps of k, or rows that do not all fall into the same cache sets; a tile unit
 * also wants lines of 64 bytes not to cross cache lines. */
#include "lhs.h"
#include "product.h"

static void cut(const struct octavo_plan *p, const int64_t *shape, struct octavo_partition *part) {
  octavo_partition(p, 1, octavo_word(shape, OCTAVO_ROWS_M), 1, p->g.mr, part);
  octavo_partition_join(part, octavo_lhs_bytes(p) * p->g.lhs_k);
}

enum { ONE_PIECE = 4096 /* bytes of the lhs; packed they are at most twice as many */ };

static int64_t packed_stride(const struct octavo_plan *p) {
  return octavo_round_up(p->g.lhs_k * octavo_lhs_bytes(p), 64) | 64; /* an odd number of lines: rows spread over all sets */
}

/* Whether too many rows would fall into the same cache sets. */
static int crowded(int64_t m, int64_t stride) { return stride % 4096 == 0 && m > 4; }

/* Whether rows must be packed wherever they lie. */
static int must_pack(const struct octavo_plan *p, int64_t m, int64_t stride) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  return b->wide || p->lhs_flip || !octavo_reads_exactly(p) || crowded(m, stride);
}

/* Whether the microkernel turns the sign bit of rows where they lie: where few panels read many rows (more panels than that are as fast or
 * faster over packed rows, and so are few rows), and nothing else is to be packed. 3136 x 64 x 576 gains 11 % by it, 12544 x 16 x 32 doubles
 * (Zen 5, 512 bits). Where sums of rows are wanted, they are packed. */
enum { TURNING_PANELS = 8, TURNED_ROWS = 32 };
static int turns(const struct octavo_plan *p, int64_t m, int64_t stride) {
  return p->tile_turns && !p->row_sums && p->g.panels <= TURNING_PANELS && m >= TURNED_ROWS && octavo_reads_exactly(p) &&
         !crowded(m, stride);
}

/* Whether they might be, or (at `lhs`) should: a packed row pays when some panels read it. */
static int may_pack(const struct octavo_plan *p) { return octavo_backends[p->backend].unit != 0; }
static int should_pack(const struct octavo_plan *p, const uint8_t *lhs, int64_t m, int64_t stride, int64_t panels) {
  return may_pack(p) && m > 1 && panels > 2 && (((uintptr_t)lhs | (uintptr_t)stride) % 64 != 0 || stride % 1024 == 0);
}

/* Whether rows are packed as one long row: few, without a byte between them here or there. (A short row's begin and end cost more
 * than its bytes; and rows that fill no first-level cache need not be spread over its sets.) */
static int is_one_piece(const struct octavo_plan *p, int64_t m, int64_t stride) {
  int64_t k = p->g.run_k;
  return stride == k && p->g.lhs_k == k && !octavo_backends[p->backend].unit && m * k <= ONE_PIECE;
}

int64_t octavo_gemm_strips(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_partition part;
  cut(p, shape, &part);
  return part.strips;
}

int64_t octavo_gemm_scratch(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_partition part;
  cut(p, shape, &part);
  int64_t packed = 0;
  if (may_pack(p) || must_pack(p, part.lines, octavo_word(shape, OCTAVO_ROWS_LHS_STRIDE))) packed = part.line_most * packed_stride(p);
  return 64 + octavo_round_up(packed, 64) + octavo_product_scratch(p, part.line_most);
}

int64_t octavo_gemm_steps(const struct octavo_plan *p, const int64_t *shape) {
  struct octavo_partition part;
  cut(p, shape, &part);
  return octavo_deep_steps(p, &part);
}

void octavo_gemm_step(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                      const struct octavo_runtime *runtime, uint8_t *scratch, int64_t strip, int64_t step) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  struct octavo_partition part;
  cut(p, shape, &part);
  struct octavo_range r = octavo_next_range(&part, &strip, strip + 1);
  int64_t stride = octavo_word(shape, OCTAVO_ROWS_LHS_STRIDE), dst_stride = octavo_word(shape, OCTAVO_ROWS_DST_STRIDE);
  octavo_deep_step(p, &r, in + r.line * stride, stride, must_pack(p, part.lines, stride),
                   b->wide ? p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8 : p->lhs_flip, out + r.line * dst_stride, dst_stride, runtime,
                   octavo_align64(scratch), octavo_deep_steps(p, &part), step);
}

void octavo_gemm_run(const struct octavo_plan *p, const int64_t *shape, const uint8_t *in, uint8_t *out,
                     const struct octavo_runtime *runtime, uint8_t *scratch, int64_t first, int64_t last) {
  const struct octavo_backend *b = &octavo_backends[p->backend];
  struct octavo_partition part;
  cut(p, shape, &part);
  int64_t m = part.lines, stride = octavo_word(shape, OCTAVO_ROWS_LHS_STRIDE), k = p->g.run_k;
  int64_t dst_stride = octavo_word(shape, OCTAVO_ROWS_DST_STRIDE), at = -1;
  octavo_tile_fn *tile = turns(p, m, stride) ? p->tile_turns : octavo_by_vectors(p, m);
  int pack = !tile && (must_pack(p, m, stride) || should_pack(p, in, m, stride, part.unit_block)), piece = is_one_piece(p, part.line_most, stride);
  int64_t packed = piece ? k * octavo_lhs_bytes(p) : packed_stride(p);
  int32_t mode = b->wide ? p->spec[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8 : p->lhs_flip;
  uint8_t *lhs = octavo_align64(scratch), *rest = lhs + (pack ? octavo_round_up(part.line_most * packed, 64) : 0);
  while (first < last) {
    struct octavo_range r = octavo_next_range(&part, &first, last);
    struct octavo_operands x = {.lhs = in + r.line * stride, .lhs_row = stride, .runs = {.columns = 1}, .run_k = k,
                                .dst = out + r.line * dst_stride, .dst_row = dst_stride, .lines = 1, .rows = r.lines,
                                .dst_column = p->spec[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED ? 1 : 4,
                                .period = r.lines, .valid = r.lines, .first_row = r.line, .tile = tile};
    if (pack) {
      if (at != r.line) {
        int64_t rows = piece ? 1 : r.lines, count = piece ? r.lines * k : k;
        b->lhs->pack(lhs, packed, x.lhs, stride, rows, count, piece ? count : p->g.lhs_k, mode);
      }
      at = r.line;
      x.lhs = lhs;
      x.lhs_row = packed;
      x.run_k = octavo_packed_run(p);
    }
    octavo_product(p, &x, &r, runtime, rest);
  }
}
