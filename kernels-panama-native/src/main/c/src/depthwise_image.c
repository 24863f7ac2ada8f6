/* The rows of the image that a chunk of a depthwise convolution sees.
 *
 * In place: rows of the input as they lie. A row above or below it is a row of zero points. Pixels whose windows reach over the left
 * or right border have weights of their own, which are 0 there (prepare_depthwise.c), and so may read what they like: the rows
 * next to theirs. That would be beyond the input at its first and last rows, which are copied. A microkernel reads whole blocks,
 * which is one more reason to reach beyond a row's end.
 *
 * What cannot be read in place goes into a scratch image, borders included. */
#include "depthwise_pass.h"

static int64_t image_rows(const struct octavo_depthwise_cut *t) { return octavo_image_rows(&t->c, t->lines); }

/* Pixels of a scratch row; an odd number, so that rows do not all fall into the same sets of a cache. */
static int64_t image_width(const struct octavo_depthwise_cut *t, int64_t pixels) { return (pixels + t->shift) | 1; }

/* The last block of a row may reach past a plane's end. */
int64_t octavo_depthwise_plane(const struct octavo_plan *p, const struct octavo_depthwise_cut *t) {
  return octavo_round_up((image_rows(t) * image_width(t, t->pixels) * t->lanes + p->g.nr) * t->c.element, 64);
}

/* Rows of the image, as they are numbered from the first that a chunk sees: `row` bytes apart in a scratch image, or in place. */
struct rows {
  const uint8_t *first;
  int64_t row;
  const uint8_t *input, *head, *tail; /* in place: row 0 of this image, and of its copies; NULL: a scratch image */
  int64_t top, head_to, tail_from; /* input row of the first; rows before and from which on are copied */
};

static const uint8_t *row_at(const struct octavo_depthwise_pass *s, const struct rows *r, int64_t i) {
  if (r->input == NULL) return r->first + i * r->row;
  int64_t y = r->top + i;
  if (y < 0 || y >= s->t->c.height) return s->r.outside;
  if (y < r->head_to) return r->head + y * r->row;
  return y < r->tail_from ? r->input + y * r->row : r->tail + (y - r->tail_from) * r->row;
}

/* Lines whose rows are a multiple of the dilation apart are neighbours to the microkernel: from one to the next; the rows between them are
 * `down` dilations. */
static int64_t step_of(const struct octavo_conv *c) { return c->dh == 1 ? 1 : c->dh / octavo_common(c->dh, c->jump_h); }

/* All lines of a chunk from rows that are found. */
static void lines_from(struct octavo_depthwise_pass *s, const struct rows *r, int64_t lines, int64_t column, uint8_t *dst) {
  const struct octavo_conv *c = &s->t->c;
  struct octavo_depthwise *d = &s->d;
  int64_t step = step_of(c), down = c->dh == 1 ? c->jump_h : step * c->jump_h / c->dh; /* divisions count where images are small */
  int64_t most = octavo_backends[s->p->backend].depthwise->lines[down > 1];
  if (s->p->way == OCTAVO_DEPTHWISE_ANY) most = octavo_min(most, octavo_max(0, OCTAVO_DEPTHWISE_ROWS - c->kh) / down + 1);
  d->down = down;
  for (int64_t phase = 0; phase < octavo_min(step, lines); phase++) {
    int64_t count = octavo_div_up(lines - phase, step), calls = octavo_div_up(count, most);
    for (int64_t i = 0, line = 0; i < calls; i++, line += d->lines) {
      d->lines = octavo_div_up(count - line, calls - i);
      int64_t first = (phase + line * step) * c->jump_h, seen = (d->lines - 1) * down + c->kh;
      for (int64_t j = 0; j < octavo_min(seen, OCTAVO_DEPTHWISE_ROWS); j++) d->rows[j] = row_at(s, r, first + j * c->dh);
      octavo_depthwise_lines(s, column, dst + (phase + line * step) * c->out_h, step * c->out_h);
    }
  }
}

/* Parameters of the blocks from `block` on. */
static void columns_from(struct octavo_depthwise_pass *s, int64_t block, const int32_t *init) {
  const struct octavo_plan *p = s->p;
  int64_t column = block * p->g.nr;
  s->d.weights = OCTAVO_AT(p, uint8_t, expanded) + block * p->expanded_stride;
  s->d.init = init + column;
  s->d.multiplier = OCTAVO_AT(p, float, multiplier) + column;
  s->ones = OCTAVO_AT(p, uint8_t, ones) + octavo_depthwise_kind(p, block) * p->expanded_stride;
}

/* Some lines and pixels: a part of their blocks by way of a scratch image, or all by the weights of some kind in place. */
struct piece {
  int64_t image, line, lines, x, pixels, part, kind;
};

static void by_scratch(struct octavo_depthwise_pass *s, const struct piece *at, const int32_t *init, const uint8_t *in, uint8_t *out) {
  const struct octavo_depthwise_cut *t = s->t;
  const struct octavo_plan *p = s->p;
  struct octavo_depthwise *d = &s->d;
  int64_t block = at->part * t->blocks, column = block * p->g.nr, plane = octavo_depthwise_plane(p, t);
  s->blocks = octavo_min(t->blocks, p->period - block);
  s->lanes = t->blocks ? s->blocks * p->g.nr : t->lanes;
  s->channels = octavo_min(s->lanes, p->spec[OCTAVO_SPEC_N] - column);
  s->pixels = at->pixels;
  int64_t spread = p->spec[OCTAVO_SPEC_N] / p->spec[OCTAVO_SPEC_K];
  struct octavo_scratch_image layout = {.width = image_width(t, s->pixels), .pixel = s->lanes * t->c.element, .planes = 1, .chunks = 1,
                                        .chunk = s->channels, .first = column / spread, .offset = column % spread, .spread = spread,
                                        .zero = s->zero, .raw = 1};
  for (int64_t i = 0; i < t->planes; i++) {
    struct octavo_conv c = t->c;
    c.pad_left -= at->x * c.step_w + i * t->column;
    int64_t rows = octavo_image_rows(&c, at->lines);
    uint8_t *to = s->r.image + i * plane;
    layout.rows = rows;
    octavo_image_pack(p, &c, &layout, in + at->image * c.in_n, at->line, to);
    memset(to + rows * layout.width * layout.pixel, 0, (size_t)(p->g.nr * c.element)); /* the rest of a last block is read, if not stored */
  }
  d->plane = plane;
  d->pixel = layout.pixel;
  d->lhs_pass = (t->blocks ? s->lanes : p->period * p->g.nr) * t->c.element;
  for (int64_t i = 0; i < OCTAVO_DEPTHWISE_TAPS; i++) d->taps[i] = octavo_depthwise_tap(d, octavo_min(i, d->kw - 1));
  struct rows rows = {.first = s->r.image, .row = layout.width * layout.pixel};
  d->row = t->c.dh * rows.row;
  d->line = step_of(&t->c) * t->c.jump_h * rows.row;
  columns_from(s, block, init);
  lines_from(s, &rows, at->lines, column, out + at->image * t->c.out_n + at->line * t->c.out_h + at->x * t->c.out_w + column * t->c.out_c);
}

/* Copies of the rows that are read from before the input's beginning, or past its end; `offset` is where row 0 is read from. */
static void copy_ends(struct octavo_depthwise_pass *s, struct rows *r, const uint8_t *in, int64_t offset, int64_t last, int64_t reach) {
  const struct octavo_depthwise_cut *t = s->t;
  int64_t in_h = t->c.in_h;
  while (r->head_to < last && offset + r->head_to * in_h < 0) r->head_to++;
  if (r->head_to > octavo_max(0, r->top)) {
    int64_t size = octavo_min(t->readable, reach);
    memset(s->r.head, 0, (size_t)-offset);
    memcpy(s->r.head - offset, in, (size_t)size);
    memset(s->r.head - offset + size, 0, (size_t)(reach - size));
    r->head = s->r.head;
  }
  while (r->tail_from > r->head_to && offset + (r->tail_from - 1) * in_h + reach > t->readable) r->tail_from--;
  if (last > r->tail_from) {
    int64_t from = offset + r->tail_from * in_h, size = t->readable - from;
    memcpy(s->r.tail, in + from, (size_t)size);
    memset(s->r.tail + size, 0, (size_t)octavo_max(0, (last - 1 - r->tail_from) * in_h + reach - size));
    r->tail = s->r.tail;
  }
}

static void in_place(struct octavo_depthwise_pass *s, const struct piece *at, const int32_t *init, const uint8_t *in, uint8_t *out) {
  const struct octavo_depthwise_cut *t = s->t;
  const struct octavo_conv *c = &t->c;
  struct octavo_depthwise *d = &s->d;
  int64_t offset = at->image * c->in_n + (at->x * c->sw - c->pad_left) * c->in_w, nr = s->p->g.nr;
  int64_t reach = at->kind == 0 ? t->reach : (c->kw - 1) * c->dw * c->in_w + octavo_round_up(s->p->lanes, nr);
  s->blocks = t->blocks ? s->p->period : 0;
  s->lanes = s->p->lanes;
  s->channels = s->p->spec[OCTAVO_SPEC_N];
  s->pixels = at->pixels;
  d->lhs_pass = s->blocks ? c->sw * c->in_w : s->p->period * nr;
  for (int64_t i = 0; i < OCTAVO_DEPTHWISE_TAPS; i++) d->taps[i] = octavo_min(i, c->kw - 1) * c->dw * c->in_w;
  struct rows rows = {.input = in + offset, .row = c->in_h, .top = at->line * c->sh - c->pad_top, .tail_from = c->height};
  copy_ends(s, &rows, in, offset, octavo_min(c->height, rows.top + octavo_image_rows(c, at->lines)), reach);
  int64_t block = octavo_depthwise_block(s->p, at->kind);
  columns_from(s, block, init);
  lines_from(s, &rows, at->lines, block * nr, out + at->image * c->out_n + at->line * c->out_h + at->x * c->out_w);
}

static void scratch_chunk(struct octavo_depthwise_pass *s, int64_t number, const int32_t *init, const uint8_t *in, uint8_t *out) {
  const struct octavo_depthwise_cut *t = s->t;
  int64_t rest = number / t->block_parts / t->pixel_parts;
  struct piece at = {.image = rest / t->line_parts, .line = rest % t->line_parts * t->lines, .part = number % t->block_parts,
                     .x = number / t->block_parts % t->pixel_parts * t->pixels};
  at.lines = octavo_min(t->lines, t->c.oh - at.line);
  at.pixels = octavo_min(t->pixels, t->c.ow - at.x);
  by_scratch(s, &at, init, in, out);
}

void octavo_depthwise_chunk(struct octavo_depthwise_pass *s, int64_t number, const int32_t *init, const uint8_t *in, uint8_t *out) {
  const struct octavo_depthwise_cut *t = s->t;
  const struct octavo_conv *c = &t->c;
  if (!t->in_place) {
    scratch_chunk(s, number, init, in, out);
    return;
  }
  struct piece at = {.image = number / t->line_parts, .line = number % t->line_parts * t->lines, .pixels = 1};
  at.lines = octavo_min(t->lines, c->oh - at.line);
  for (at.x = 0; at.x < t->left; at.x++) {
    at.kind = octavo_div_up(c->pad_left - at.x * c->sw, c->dw);
    in_place(s, &at, init, in, out);
  }
  for (at.x = t->right; at.x < c->ow; at.x++) {
    int64_t inside = octavo_div_up(c->width + c->pad_left - at.x * c->sw, c->dw); /* columns of the filter */
    at.kind = s->p->edge_left + c->kw - inside;
    in_place(s, &at, init, in, out);
  }
  struct piece rest = at;
  rest.x = t->left, rest.pixels = t->right - t->left, rest.kind = 0;
  if (rest.pixels > 0) in_place(s, &rest, init, in, out);
}
