/* The loops of winograd.h: blocks of tiles outside, so that their transformed pixels stay in cache; panels of weights inside, each
 * transformed once per block (packed weights stay one byte each); and in them as many tiles as the microkernel has rows, whose 16
 * products are summed one after the other and combined while they are in L1. */
#include "lhs.h"
#include "winograd_pass.h"

enum {
  BLOCK_BYTES = 512 * 1024, /* of transformed pixels: each is read once per panel, at a few bytes a cycle */
  TILES_WANTED = 24,        /* for a transformed panel */
  WEIGHTS_COST = 48,        /* of a panel, in rows of products */
  PAIRED_CHANNELS = 48, PAIRED_PANELS = 4, /* from where on a row's paired sums cost less than they save */
  CHANNELS = 32,            /* of a panel transformed at a time: 16 KB */
  PLANES = OCTAVO_WINOGRAD_PLANES, MOST_ROWS = 8
};

struct scratch {
  uint8_t *pixels, *panel;   /* 16 planes each */
  int32_t *row_pairs;        /* of the planes' rows */
  int32_t *init;             /* of the planes: 16 x nr */
  int32_t *sums, *lines;     /* of some tiles: 16 planes; two lines of pixels */
  int32_t *room;             /* nr */
  uint8_t *staged;
};

static int64_t across(const struct octavo_conv *c) { return octavo_div_up(c->ow, 2); }

/* An odd number of cache lines, so that rows and planes spread over all sets. */
static int64_t row_bytes(const struct octavo_plan *p) { return octavo_round_up(2 * p->g.run_i, 64) | 64; }
static int64_t plane_bytes(const struct octavo_plan *p, int64_t tiles) { return (tiles * row_bytes(p)) | 64; }
static int64_t panel_bytes(const struct octavo_plan *p) { return octavo_round_up(2 * p->g.run_i * p->g.nr, 64) | 64; }

/* Rows of tiles in a block where there are `rows`. */
static int64_t block_rows(const struct octavo_plan *p, const struct octavo_conv *c, int64_t rows) {
  return octavo_max(1, octavo_min(rows, BLOCK_BYTES / (PLANES * across(c) * row_bytes(p))));
}

static int64_t lay(const struct octavo_plan *p, const struct octavo_conv *c, int64_t lines, uint8_t *base, struct scratch *s) {
  int64_t end = 0, tiles = block_rows(p, c, octavo_div_up(lines, 2)) * across(c), nr = p->g.nr;
  s->pixels = base + octavo_take(&end, PLANES * plane_bytes(p, tiles));
  s->panel = base + octavo_take(&end, PLANES * panel_bytes(p));
  s->row_pairs = (int32_t *)(base + octavo_take(&end, PLANES * tiles * 4));
  s->init = (int32_t *)(base + octavo_take(&end, PLANES * nr * 4));
  s->sums = (int32_t *)(base + octavo_take(&end, PLANES * MOST_ROWS * nr * 4));
  s->lines = (int32_t *)(base + octavo_take(&end, 4 * MOST_ROWS * nr * 4));
  s->room = (int32_t *)(base + octavo_take(&end, nr * 4));
  s->staged = base + octavo_take(&end, 2 * MOST_ROWS * nr * 4);
  return end;
}

int octavo_winograd_can(const struct octavo_backend *b, const struct octavo_plan *p) {
  const int64_t *w = p->spec;
  if (!b->winograd || w[OCTAVO_SPEC_OP] != OCTAVO_CONV || octavo_is_depthwise(w) || p->g.groups != 1 || p->g.merged_w != 3) return 0;
  if (w[OCTAVO_SPEC_KERNEL_H] != 3 || w[OCTAVO_SPEC_STRIDE_H] != 1 || w[OCTAVO_SPEC_STRIDE_W] != 1 || w[OCTAVO_SPEC_DILATION_H] != 1) return 0;
  if (2 * p->g.group_n <= p->g.nr) return 0; /* direct tiles of one vector compute no columns for nothing, panels here would */
  int64_t channels = p->g.run_i, lhs = w[OCTAVO_SPEC_LHS_TYPE] == OCTAVO_S8 ? 128 : 255;
  return channels >= 16 && channels % 4 == 0 && 9 * channels * lhs * 255 < INT64_C(1) << 29;
}

int octavo_winograd_pays(const struct octavo_plan *p, const struct octavo_conv *c) {
  return p->winograd && PLANES * octavo_div_up(c->oh, 2) * across(c) + WEIGHTS_COST < 8 * c->oh * c->ow;
}

int64_t octavo_winograd_lines(const struct octavo_conv *c) { return 2 * octavo_div_up(TILES_WANTED, octavo_max(1, across(c))); }

int64_t octavo_winograd_scratch(const struct octavo_plan *p, const struct octavo_conv *c, int64_t lines) {
  struct scratch s;
  return lay(p, c, lines, 0, &s);
}

/* Tiles of a block: transformed, and their paired sums. */
struct block { int64_t first, rows, tiles, plane; };

static void transform(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_winograd_image *image,
                      const struct block *b, const struct scratch *s, int paired) {
  const struct octavo_backend *backend = &octavo_backends[p->backend];
  const struct octavo_runs one = {.columns = 1};
  int64_t channels = p->g.run_i, bytes = row_bytes(p);
  uint8_t *to = s->pixels;
  for (int64_t y = b->first; y < b->first + b->rows; y++) {
    for (int64_t x = 0; x < across(c); x++, to += bytes) {
      backend->winograd->pixels(to, b->plane, image->first + 2 * y * image->row + 2 * x * image->pixel, image->pixel, image->row, channels);
    }
  }
  if (!paired) return;
  for (int64_t i = 0; i < PLANES * b->tiles; i++) {
    s->row_pairs[i] = backend->lhs->pairs(s->pixels + i / b->tiles * b->plane + i % b->tiles * bytes, &one, 1, channels);
  }
}

/* Some channels at a time, so that their paired sums are taken while they are in L1. */
static void transform_panel(const struct octavo_plan *p, int64_t panel, const struct scratch *s, int paired) {
  const struct octavo_geometry *g = &p->g;
  const struct octavo_winograd_ops *ops = octavo_backends[p->backend].winograd;
  int64_t width = octavo_panel_width(g, panel), plane = panel_bytes(p);
  const uint8_t *from = OCTAVO_AT(p, uint8_t, rhs) + panel * g->panel_stride;
  struct octavo_winograd_taps taps = {.tap = g->run_i * width, .row = g->run_packed * width, .step = g->kr * width,
                                      .is_signed = p->spec[OCTAVO_SPEC_RHS_TYPE] == OCTAVO_S8,
                                      .zero = OCTAVO_AT(p, int32_t, rhs_zero) + panel * g->nr};
  memset(s->init, 0, (size_t)(PLANES * g->nr * 4));
  for (int64_t c = 0; c < g->run_i; c += CHANNELS) {
    uint8_t *to = s->panel + c * g->nr * 2;
    taps.first = from + c * width;
    taps.channels = octavo_min(CHANNELS, g->run_i - c);
    ops->weights(to, plane, &taps);
    for (int i = 0; paired && i < PLANES; i++) ops->pairs(s->init + i * g->nr, to + i * plane, taps.channels);
  }
}

/* Tiles [at, at + count) of a block against the panel that is in scratch. */
static void multiply(const struct octavo_plan *p, const struct block *b, const struct scratch *s, int64_t at, int64_t count, int paired) {
  int64_t nr = p->g.nr;
  struct octavo_tile t = {.lhs_stride = row_bytes(p), .rows = count, .runs = {.columns = 1}, .run_count = 1, .run_k = p->g.run_i,
                          .rhs_row = nr * 4, .columns = nr, .acc_stride = nr};
  for (int i = 0; i < PLANES; i++) {
    t.lhs = s->pixels + i * b->plane + at * t.lhs_stride;
    t.rhs = s->panel + i * panel_bytes(p);
    t.init = s->init + i * nr;
    t.pairs = paired ? s->row_pairs + i * b->tiles + at : NULL;
    t.acc = s->sums + i * MOST_ROWS * nr;
    p->tile_wide(&t);
  }
}

/* Puts the same tiles, which may span rows of tiles, where they belong. */
static void put(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_winograd_image *image, const struct block *b,
                const struct scratch *s, struct octavo_output_args *o, const int32_t *init, int64_t at, int64_t count, uint8_t *dst) {
  int64_t nr = p->g.nr, width = across(c), bytes = octavo_output_bytes(p);
  for (int64_t i = at; i < at + count;) {
    int64_t x = i % width, y = b->first + i / width, tiles = octavo_min(width - x, at + count - i);
    octavo_backends[p->backend].winograd->outputs(s->lines, 2 * MOST_ROWS * nr, s->sums + (i - at) * nr, MOST_ROWS * nr, tiles, init);
    o->rows = octavo_min(2 * tiles, c->ow - 2 * x);
    for (int64_t line = 2 * y; line < octavo_min(2 * y + 2, image->lines); line++) {
      o->acc = s->lines + line % 2 * 2 * MOST_ROWS * nr;
      octavo_finish(o, p->output, dst + line * c->out_h + 2 * x * c->out_w, c->out_w, c->out_c, bytes, s->staged);
    }
    i += tiles;
  }
}

void octavo_winograd_run(const struct octavo_plan *p, const struct octavo_conv *c, const struct octavo_winograd_image *image,
                         const struct octavo_range *r, uint8_t *dst, const struct octavo_runtime *runtime, uint8_t *base) {
  const struct octavo_geometry *g = &p->g;
  struct scratch s;
  lay(p, c, image->lines, base, &s);
  int64_t all = octavo_div_up(image->lines, 2), step = block_rows(p, c, all), mr = octavo_min(g->mr, MOST_ROWS);
  int paired = g->run_i >= PAIRED_CHANNELS && r->units >= PAIRED_PANELS;
  struct octavo_output_args o = octavo_output_args_of(p, runtime);
  o.acc_stride = g->nr;
  for (struct block b = {0}; b.first < all; b.first += step) {
    b.rows = octavo_min(step, all - b.first);
    b.tiles = b.rows * across(c);
    b.plane = plane_bytes(p, b.tiles);
    transform(p, c, image, &b, &s, paired);
    for (int64_t panel = r->unit; panel < r->unit + r->units; panel++) {
      int64_t j = panel * g->nr;
      transform_panel(p, panel, &s, paired);
      o.columns = octavo_min(g->nr, g->group_n - j);
      o.column = octavo_columns_at(p, j);
      const int32_t *init = octavo_init_of(p, j, runtime, s.room);
      for (int64_t at = 0, left = octavo_div_up(b.tiles, mr), count; left > 0; at += count, left--) {
        count = (b.tiles - at + left - 1) / left;
        multiply(p, &b, &s, at, count, paired);
        put(p, c, image, &b, &s, &o, init, at, count, dst + j * c->out_c);
      }
    }
  }
}
