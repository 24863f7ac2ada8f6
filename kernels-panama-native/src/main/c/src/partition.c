/* Strips: enough of them for several threads, none longer than about 200 microseconds, none so short that calling it
 * costs more than it does, and square enough that neither lhs nor rhs is read much more often than it must. */
#include "product.h"

enum {
  STRIPS_WANTED = 16,
  RHS_BYTES = 1 << 20, /* streamed from memory in about 100 microseconds */
  LHS_BYTES = 1 << 18  /* a quarter of the second-level cache, which also holds the panel and what is written */
};

void octavo_partition(const struct octavo_plan *p, int64_t images, int64_t lines, int64_t rows_per_line,
                      int64_t line_step, struct octavo_partition *out) {
  const struct octavo_geometry *g = &p->g;
  int64_t budget = octavo_backends[p->backend].strip_macs;
  int64_t units = g->groups * g->panels, width = octavo_min(g->nr, octavo_round_up(g->group_n, 4));
  int64_t k = octavo_max(1, g->k_packed);
  int64_t line_macs = octavo_max(1, rows_per_line * width * k);
  int64_t total = images * lines * units * line_macs;
  int64_t limit = octavo_min(budget, octavo_max(budget / 8, total / STRIPS_WANTED));
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

struct octavo_range octavo_strip(const struct octavo_partition *part, int64_t strip) {
  return octavo_next_range(part, &strip, strip + 1);
}

void octavo_partition_join(struct octavo_partition *part, int64_t line_bytes) {
  int64_t block = octavo_max(1, part->line_block);
  int64_t blocks = octavo_min(octavo_max(1, part->line_blocks), LHS_BYTES / octavo_max(1, line_bytes * block));
  part->line_most = octavo_max(1, blocks) * block;
}

struct octavo_range octavo_next_range(const struct octavo_partition *part, int64_t *strip, int64_t last) {
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
