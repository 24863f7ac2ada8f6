/* The rows of the image that a chunk of a depthwise convolution sees.
 *
 * In place: rows of the input as they lie, where every tap of every pixel hits the image to the left and right. A row above or
 * below is a row of zero points. A microkernel reads whole blocks, and so beyond a row's end: into the next row, but for the
 * last ones, which would be read past the end of the input; they are copied. Everything else goes into a scratch image. */
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
  const uint8_t *input, *tail; /* in place: row 0 of this image, and of its copy, if there is one; NULL: a scratch image */
  int64_t top, tail_from;    /* input row of the first; the first one copied */
};

static const uint8_t *row_at(const struct octavo_depthwise_pass *s, const struct rows *r, int64_t i) {
  if (r->input == NULL) return r->first + i * r->row;
  int64_t y = r->top + i;
  if (y < 0 || y >= s->t->c.height) return s->r.outside;
  return y < r->tail_from ? r->input + y * r->row : r->tail + (y - r->tail_from) * r->row;
}

/* All lines of a chunk from rows that are found. Lines a dilation apart are neighbours to the microkernel. */
static void lines_from(struct octavo_depthwise_pass *s, const struct rows *r, int64_t lines, int64_t column, uint8_t *dst) {
  const struct octavo_conv *c = &s->t->c;
  struct octavo_depthwise *d = &s->d;
  int any = s->p->way == OCTAVO_DEPTHWISE_ANY;
  int64_t step = any ? 1 : c->dh;
  for (int64_t phase = 0; phase < octavo_min(step, lines); phase++) {
    int64_t count = octavo_div_up(lines - phase, step), calls = octavo_div_up(count, OCTAVO_DEPTHWISE_LINES);
    for (int64_t i = 0, line = 0; i < calls; i++, line += d->lines) {
      d->lines = octavo_div_up(count - line, calls - i);
      int64_t first = (phase + line * step) * c->jump_h, seen = any ? 1 : (d->lines - 1) * c->jump_h + c->kh;
      for (int64_t j = 0; j < seen; j++) d->rows[j] = row_at(s, r, first + j * step);
      octavo_depthwise_lines(s, column, dst + (phase + line * step) * c->out_h, step * c->out_h);
    }
  }
}

/* Parameters of the columns from `column` on. */
static void columns_from(struct octavo_depthwise_pass *s, int64_t block, const int32_t *init) {
  const struct octavo_plan *p = s->p;
  int64_t column = block * p->g.nr;
  s->d.weights = OCTAVO_AT(p, uint8_t, expanded) + block * p->expanded_stride;
  s->d.init = init + column;
  s->d.multiplier = OCTAVO_AT(p, float, multiplier) + column;
}

/* Lines and pixels of some blocks by way of a scratch image. */
struct piece {
  int64_t image, line, lines, x, pixels, part;
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
  struct octavo_scratch_image layout = {.width = image_width(t, s->pixels), .pixel = s->lanes * t->c.element, .chunks = 1,
                                        .chunk = s->channels, .first = column / spread, .offset = column % spread, .spread = spread,
                                        .zero = s->zero, .raw = 1};
  for (int64_t i = 0; i < t->planes; i++) {
    struct octavo_conv c = t->c;
    c.pad_left -= at->x * c.step_w + i * t->column;
    octavo_image_pack(p, &c, &layout, in + at->image * c.in_n, at->line, octavo_image_rows(&c, at->lines), s->r.image + i * plane);
  }
  d->plane = plane;
  d->pixel = layout.pixel;
  d->lhs_pass = (t->blocks ? s->lanes : p->period * p->g.nr) * t->c.element;
  for (int64_t i = 0; i < octavo_min(d->kw, OCTAVO_DEPTHWISE_TAPS); i++) d->taps[i] = octavo_depthwise_tap(d, i);
  struct rows rows = {.first = s->r.image, .row = layout.width * layout.pixel};
  d->row = t->c.dh * rows.row;
  d->line = (p->way == OCTAVO_DEPTHWISE_ANY ? 1 : t->c.dh) * t->c.jump_h * rows.row;
  columns_from(s, block, init);
  lines_from(s, &rows, at->lines, column, out + at->image * t->c.out_n + at->line * t->c.out_h + at->x * t->c.out_w + column * t->c.out_c);
}

static void in_place(struct octavo_depthwise_pass *s, const struct piece *at, const int32_t *init, const uint8_t *in, uint8_t *out) {
  const struct octavo_depthwise_cut *t = s->t;
  const struct octavo_conv *c = &t->c;
  struct octavo_depthwise *d = &s->d;
  int64_t offset = at->image * c->in_n + (at->x * c->sw - c->pad_left) * c->in_w;
  s->blocks = t->blocks ? s->p->period : 0;
  s->lanes = s->p->lanes;
  s->channels = s->p->spec[OCTAVO_SPEC_N];
  s->pixels = at->pixels;
  d->lhs_pass = s->blocks ? c->sw * c->in_w : s->p->period * s->p->g.nr;
  for (int64_t i = 0; i < c->kw; i++) d->taps[i] = i * c->dw * c->in_w;
  struct rows rows = {.input = in + offset, .row = c->in_h, .top = at->line * c->sh - c->pad_top, .tail_from = c->height, .tail = s->r.tail};
  int64_t last = octavo_min(c->height, rows.top + octavo_image_rows(c, at->lines));
  while (rows.tail_from > 0 && offset + (rows.tail_from - 1) * c->in_h + t->reach > t->readable) rows.tail_from--;
  if (last > rows.tail_from) {
    int64_t from = offset + rows.tail_from * c->in_h;
    memcpy(s->r.tail, in + from, (size_t)(t->readable - from));
  }
  columns_from(s, 0, init);
  lines_from(s, &rows, at->lines, 0, out + at->image * c->out_n + at->line * c->out_h + at->x * c->out_w);
}

void octavo_depthwise_chunk(struct octavo_depthwise_pass *s, int64_t number, const int32_t *init, const uint8_t *in, uint8_t *out) {
  const struct octavo_depthwise_cut *t = s->t;
  if (!t->in_place) {
    int64_t rest = number / t->block_parts / t->pixel_parts;
    struct piece at = {.image = rest / t->line_parts, .line = rest % t->line_parts * t->lines, .part = number % t->block_parts,
                       .x = number / t->block_parts % t->pixel_parts * t->pixels};
    at.lines = octavo_min(t->lines, t->c.oh - at.line);
    at.pixels = octavo_min(t->pixels, t->c.ow - at.x);
    by_scratch(s, &at, init, in, out);
    return;
  }
  struct piece at = {.image = number / t->line_parts, .line = number % t->line_parts * t->lines, .x = t->left,
                     .pixels = t->right - t->left};
  at.lines = octavo_min(t->lines, t->c.oh - at.line);
  in_place(s, &at, init, in, out);
  for (at.part = 0; at.part < t->block_parts; at.part++) {
    struct piece left = at, right = at;
    left.x = 0, left.pixels = t->left;
    right.x = t->right, right.pixels = t->c.ow - t->right;
    if (left.pixels > 0) by_scratch(s, &left, init, in, out);
    if (right.pixels > 0) by_scratch(s, &right, init, in, out);
  }
}
