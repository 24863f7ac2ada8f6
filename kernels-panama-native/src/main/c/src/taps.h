/* Which filter taps of a convolution see more than padding, and sums over the rows of a strip. */
#ifndef OCTAVO_TAPS_H
#define OCTAVO_TAPS_H

#include "product.h"

/* Taps [first, last) see more than padding. */
struct octavo_taps { int64_t first, last; };

/* Filter rows, in a line of output. */
struct octavo_taps octavo_taps_of(const struct octavo_operands *x, int64_t line, int64_t taps);
/* Filter columns, in a pixel of any line. */
struct octavo_taps octavo_columns_of(const struct octavo_operands *x, int64_t pixel, int64_t taps);

/* The pixels of a line that see no padding: all, where edges are no case of their own. An edge is done by columns, which pays
 * where a column fills most of a tile. */
struct octavo_inner { int64_t first, last; };
struct octavo_inner octavo_inner_of(const struct octavo_plan *p, const struct octavo_operands *x);

/* Per row: the sum of its values (of each group that shares a panel); what its paired products add too much; the same of the pixels outside `inner`, by column. */
void octavo_row_sums(const struct octavo_plan *p, const struct octavo_operands *x, int64_t group, int32_t *sums);
void octavo_row_pairs(const struct octavo_plan *p, const struct octavo_operands *x, int64_t group, int32_t *pairs);
void octavo_edge_pairs(const struct octavo_plan *p, int64_t group, const struct octavo_operands *x, const struct octavo_inner *inner,
                       int32_t *pairs);

#endif
