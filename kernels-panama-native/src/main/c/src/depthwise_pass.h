/* What a depthwise convolution is cut into, and what passes through the pieces: between depthwise.c, which cuts,
 * depthwise_image.c, which finds the rows of a piece, and depthwise_blocks.c, which takes it block by block. */
#ifndef OCTAVO_DEPTHWISE_PASS_H
#define OCTAVO_DEPTHWISE_PASS_H

#include "depthwise.h"
#include "image.h"
#include "product.h"

struct octavo_depthwise_cut {
  struct octavo_conv c;      /* as a scratch image sees it: one plane, one pixel of it per output pixel */
  int64_t stride, planes, column; /* to the right; planes that some tap reads; input columns from plane to plane */
  int64_t shift;             /* pixels of a plane right of an output pixel that its taps reach */
  int64_t lines, pixels;     /* of a chunk */
  int64_t blocks, lanes;     /* of a pixel of a chunk: some of its blocks, or (blocks = 0) all of its channels, packed densely */
  int64_t line_parts, pixel_parts, block_parts, chunks, chunks_per_strip;
  int32_t in_place;          /* chunks are whole lines; the windows of the pixels in [left, right) do not reach over a border */
  int64_t left, right;
  int64_t reach;             /* bytes of a row that those read, from what the first one does; one pixel reads no more */
  int64_t readable;          /* bytes of the input */
};

/* Where things are in scratch. */
struct octavo_depthwise_room {
  int32_t *init, *acc, *sums;
  uint8_t *staged;           /* one block's output, where dst is not one row of lanes */
  uint8_t *outside;          /* in place: a row of zero points; */
  uint8_t *head, *tail;      /* and what lies so near to the input's beginning and end that rows are read past them */
  uint8_t *image;
};

struct octavo_depthwise_pass {
  const struct octavo_plan *p;
  const struct octavo_depthwise_cut *t;
  struct octavo_depthwise d; /* rows, weights, init, multiplier, dst and lines: of the first block and the lines at hand */
  struct octavo_output_args o;
  octavo_depthwise_fn *const *run;
  const uint8_t *ones;       /* of the blocks at hand */
  enum octavo_depthwise_end end;
  int64_t bytes;             /* of an output element */
  int64_t blocks, lanes, channels, pixels; /* as in the cut, of the chunk at hand */
  int32_t zero;              /* the value of padding, as the input has it */
  struct octavo_depthwise_room r;
};

/* Bytes from plane to plane of a scratch image. */
int64_t octavo_depthwise_plane(const struct octavo_plan *p, const struct octavo_depthwise_cut *t);

void octavo_depthwise_chunk(struct octavo_depthwise_pass *s, int64_t number, const int32_t *init, const uint8_t *in, uint8_t *out);

/* The lines at hand, whose rows are in place; `dst` is the first pixel of the first one. */
void octavo_depthwise_lines(struct octavo_depthwise_pass *s, int64_t first_column, uint8_t *dst, int64_t dst_line);

#endif
