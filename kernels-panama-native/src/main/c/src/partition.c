/* Strips: enough of them for several threads, none longer than about 200 microseconds, none so short that calling it
 * costs more than it does, and square enough that neither lhs nor rhs is read much more often than it must. */
#include "product.h"

enum {
  STRIPS_WANTED = 16,
  RHS_BYTES = 1 << 20, /* streamed from memory in about 100 microseconds */
  LHS_BYTES = 1 << 18  /* a quarter of the second-level cache, which also holds the panel and what is written */
};

/* Multiply-adds below which no strip is cut. */
static int64_t least_macs(const struct octavo_plan *p) { return octavo_backends[p->backend].strip_macs / 8; }

static int64_t unit_width(const struct octavo_geometry *g) { return octavo_min(g->nr, octavo_round_up(g->group_n, 4)); }

int64_t octavo_whole_rows(const struct octavo_plan *p) {
  const struct octavo_geometry *g = &p->g;
  int64_t row = octavo_max(1, g->groups * g->panels * unit_width(g) * octavo_max(1, g->k_packed));
  return row > RHS_BYTES ? 0 : least_macs(p) / row;
}

void octavo_partition(const struct octavo_plan *p, int64_t images, int64_t lines, int64_t rows_per_line,
                      int64_t line_step, struct octavo_partition *out) {
  const struct octavo_geometry *g = &p->g;
  if (images * lines * rows_per_line <= p->whole_rows) { /* what the loops below would find, without a division */
    *out = (struct octavo_partition){.images = images, .lines = lines, .rows_per_line = rows_per_line, .units = g->groups * g->panels,
                                     .line_block = lines, .unit_block = g->groups * g->panels, .line_most = lines,
                                     .line_blocks = lines > 0, .unit_blocks = g->panels > 0};
    out->strips = images * out->line_blocks * out->unit_blocks;
    return;
  }
  int64_t budget = octavo_backends[p->backend].strip_macs;
  int64_t units = g->groups * g->panels, width = unit_width(g);
  int64_t k = octavo_max(1, g->k_packed);
  int64_t line_macs = octavo_max(1, rows_per_line * width * k);
  int64_t total = images * lines * units * line_macs;
  int64_t limit = octavo_min(budget, octavo_max(least_macs(p), total / STRIPS_WANTED));
  int64_t line_block = lines, unit_block = units;
  while (line_block * unit_block * line_macs > limit) {
    int lines_can = line_block > line_step, units_can = unit_block > 1;
    if (!lines_can && !units_can) break;
    if (lines_can && (!units_can || line_block * rows_per_line >= unit_block * width)) {
      line_block = octavo_round_up(octavo_div_up(line_block, 2), line_step);
    } else {
      unit_block = octavo_div_up(unit_block, 2);
    }
  }
  while (unit_block > 1 && unit_block * width * k > RHS_BYTES) unit_block = octavo_div_up(unit_block, 2);
  out->images = images;
  out->lines = lines;
  out->rows_per_line = rows_per_line;
  out->units = units;
  out->line_block = line_block;
  out->unit_block = unit_block;
  out->line_most = line_block;
  out->line_blocks = lines == 0 ? 0 : octavo_div_up(lines, line_block);
  out->unit_blocks = units == 0 ? 0 : octavo_div_up(units, unit_block);
  out->strips = images * out->line_blocks * out->unit_blocks;
}

void octavo_partition_join(struct octavo_partition *part, int64_t line_bytes) {
  if (part->line_blocks <= 1) return;
  int64_t block = octavo_max(1, part->line_block);
  int64_t blocks = octavo_min(octavo_max(1, part->line_blocks), LHS_BYTES / octavo_max(1, line_bytes * block));
  part->line_most = octavo_max(1, blocks) * block;
}

struct octavo_range octavo_next_range(const struct octavo_partition *part, int64_t *strip, int64_t last) {
  if (part->line_blocks == 1 && part->unit_blocks == 1) {
    return (struct octavo_range){.image = (*strip)++, .lines = part->lines, .units = part->units};
  }
  int64_t block = *strip / part->unit_blocks, across = *strip % part->unit_blocks, left = last - *strip, blocks = 1;
  int64_t units = octavo_min(part->unit_blocks - across, left);
  struct octavo_range r = {.image = block / part->line_blocks, .line = block % part->line_blocks * part->line_block,
                           .unit = across * part->unit_block};
  if (units == part->unit_blocks) {
    blocks = octavo_min(left / units, octavo_min(part->line_most / part->line_block, part->line_blocks - block % part->line_blocks));
  }
  r.lines = octavo_min(blocks * part->line_block, part->lines - r.line);
  r.units = octavo_min(units * part->unit_block, part->units - r.unit);
  *strip += blocks * units;
  return r;
}
