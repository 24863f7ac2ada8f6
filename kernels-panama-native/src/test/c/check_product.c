#include "check.h"

static int64_t element_bytes(const struct problem *p) { return p->spec[OCTAVO_SPEC_OUTPUT] == OCTAVO_REQUANTIZED ? 1 : 4; }

void check_gemm(int32_t backend, uint64_t seed) {
  static const int64_t ms[] = {1, 4, 6, 14, 16, 32}, ns[] = {4, 16, 32, 64}, ks[] = {2, 4, 16, 64, 128};
  struct problem p = {0};
  int64_t m = dimension(ms, 6, 80), n = dimension(ns, 4, 100), k = dimension(ks, 5, 300);
  if (one_in(20)) m = 0;
  if (one_in(20)) n = 0;
  if (one_in(20)) k = 0;
  if (one_in(30)) k = 5000;
  if (one_in(20)) k = between(600, 1600); /* two tiles of it are more than L1 holds */
  if (one_in(10)) m = between(100, 400);
  if (one_in(10)) n = between(100, 400);
  if (one_in(60)) m = between(1, 4), n = between(1, 40), k = between(9500, 70000); /* a tile so long that it is run in steps */
  int64_t *w = p.spec;
  w[OCTAVO_SPEC_OP] = OCTAVO_GEMM;
  w[OCTAVO_SPEC_N] = n;
  w[OCTAVO_SPEC_K] = k;
  random_quantization(&p, m, n, 1);
  random_output(&p, n);
  int64_t extra = one_in(2) ? 0 : between(1, 40);
  if (one_in(2)) {
    w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = k + extra, w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1;
  } else {
    w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = 1, w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = n + extra;
  }
  int64_t weight_bytes = n > 0 && k > 0 ? (n - 1) * w[OCTAVO_SPEC_WEIGHT_STRIDE_O] + (k - 1) * w[OCTAVO_SPEC_WEIGHT_STRIDE_I] + 1 : 0;
  unsigned char *weights = piece(weight_bytes, 1);
  fill_bytes(weights, weight_bytes);
  p.weights = weights;
  int64_t bytes = element_bytes(&p);
  p.shape.words[OCTAVO_ROWS_M] = m;
  p.shape.words[OCTAVO_ROWS_LHS_STRIDE] = one_in(8) ? (k + 4095) / 4096 * 4096 : k + (one_in(2) ? 0 : between(1, 70));
  p.shape.words[OCTAVO_ROWS_DST_STRIDE] = bytes * (n + (one_in(2) ? 0 : between(1, 20)));
  int64_t in_bytes = m > 0 && k > 0 ? (m - 1) * p.shape.words[OCTAVO_ROWS_LHS_STRIDE] + k : 0;
  unsigned char *in = piece(in_bytes, 1);
  fill_bytes(in, in_bytes);
  p.input = in;
  int64_t out_bytes = m > 0 && n > 0 ? (m - 1) * p.shape.words[OCTAVO_ROWS_DST_STRIDE] + n * bytes : 0;
  unsigned char *out = piece(out_bytes, bytes);
  memset(out, 0xa5, (size_t)out_bytes);
  run(&p, backend, out, seed);
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) {
      expect(&p, backend, seed, out, i * p.shape.words[OCTAVO_ROWS_DST_STRIDE] + j * bytes, reference_gemm(&p, i, j), bytes);
    }
  }
  untouched(&p, backend, seed, out, out_bytes);
}

/* Strides of an n x h x w x c array, NHWC or NCHW, rows padded a little or not; returns its extent in bytes. */
static int64_t image_strides(int64_t *s, int64_t n, int64_t h, int64_t w, int64_t c, int64_t bytes, int nchw) {
  int64_t gap = one_in(3) ? between(1, 9) * bytes : 0;
  if (nchw) {
    s[2] = bytes, s[1] = w * bytes + gap, s[3] = h * s[1] + gap, s[0] = c * s[3] + gap;
  } else {
    s[3] = bytes, s[2] = c * bytes + gap, s[1] = w * s[2] + gap, s[0] = h * s[1] + gap;
  }
  return n && h && w && c ? (n - 1) * s[0] + (h - 1) * s[1] + (w - 1) * s[2] + (c - 1) * s[3] + bytes : 0;
}

void check_conv(int32_t backend, uint64_t seed) {
  struct problem p = {0};
  int64_t *w = p.spec;
  static const int64_t small[] = {1, 2, 3, 4, 7, 8, 16}, channels[] = {3, 4, 16, 32, 64};
  int64_t kh = one_in(4) ? 1 : between(1, 5), kw = one_in(4) ? 1 : between(1, 7);
  int64_t groups = one_in(3) ? between(2, 9) : 1;
  int64_t cg = one_in(2) ? small[below(7)] : dimension(channels, 5, 70), og = dimension(channels, 5, 70);
  if (one_in(3)) groups = between(2, 150), cg = 1, og = one_in(2) ? 1 : between(1, 3);
  else if (groups > 1) cg = small[below(7)], og = small[below(7)];
  /* Few channels a group: several share a panel. */
  int few = one_in(6);
  if (few) groups = 4 * between(1, 10), cg = one_in(2) ? 4 * between(1, 2) : between(1, 6), og = one_in(2) ? 4 : between(1, 8);
  int usual = !few && one_in(3); /* like a layer of a network: what is left out at edges, and how, is decided by such shapes */
  if (usual) groups = one_in(4) ? between(2, 3) : 1, kh = kw = between(2, 5), cg = 4 * between(1, 12), og = between(1, 40);
  /* Three taps by three, side by side, may be left to fewer products, in tiles of 2 x 2; some are few, some have sums at the edges. */
  int three = usual && one_in(2);
  if (three) groups = 1, kh = kw = 3, cg = one_in(40) ? between(226, 232) * 4 : 4 * between(4, 20), og = between(1, one_in(2) ? 40 : 90);
  /* A depthwise layer, wide enough that its image is read where it lies. */
  int wide = one_in(8);
  if (wide) groups = one_in(2) ? 32 * between(1, 4) : between(20, 130), cg = og = 1, kh = kw = 3 + 2 * below(3), usual = three = 0;
  if (wide && one_in(3)) kh = between(1, 9), kw = one_in(2) ? kh : between(1, 9);
  /* More filter rows or columns than a microkernel is told of one by one. */
  if (wide && one_in(12)) groups = between(5, 40), kh = one_in(2) ? between(60, 70) : 2, kw = kh == 2 ? between(14, 20) : 1;
  w[OCTAVO_SPEC_OP] = OCTAVO_CONV;
  w[OCTAVO_SPEC_N] = groups * og;
  w[OCTAVO_SPEC_K] = groups * cg;
  w[OCTAVO_SPEC_GROUPS] = groups;
  w[OCTAVO_SPEC_KERNEL_H] = kh;
  w[OCTAVO_SPEC_KERNEL_W] = kw;
  w[OCTAVO_SPEC_STRIDE_H] = between(1, 3);
  w[OCTAVO_SPEC_STRIDE_W] = one_in(2) ? w[OCTAVO_SPEC_STRIDE_H] : between(1, 3);
  w[OCTAVO_SPEC_DILATION_H] = one_in(3) ? between(1, 3) : 1;
  w[OCTAVO_SPEC_DILATION_W] = one_in(3) ? between(1, 3) : 1;
  int pad = !one_in(3);
  for (int i = OCTAVO_SPEC_PAD_TOP; i <= OCTAVO_SPEC_PAD_RIGHT; i++) w[i] = pad ? below(4) : 0;
  if (usual) w[OCTAVO_SPEC_DILATION_W] = 1;
  if (three) w[OCTAVO_SPEC_STRIDE_H] = w[OCTAVO_SPEC_STRIDE_W] = w[OCTAVO_SPEC_DILATION_H] = 1;
  if (wide) {
    w[OCTAVO_SPEC_STRIDE_H] = w[OCTAVO_SPEC_STRIDE_W] = between(1, kh > 9 ? 1 : 3);
    w[OCTAVO_SPEC_DILATION_H] = w[OCTAVO_SPEC_DILATION_W] = kh <= 9 && one_in(3) ? 2 : 1;
  }
  int64_t batch = one_in(20) ? 0 : between(1, 3), height = between(1, 14), width = between(1, one_in(8) ? 60 : 18);
  if (wide) batch = between(1, 2), height = kh > 9 ? between(60, 75) : between(5, 21), width = between(20, 45);
  random_quantization(&p, 1, w[OCTAVO_SPEC_N], 0);
  random_output(&p, w[OCTAVO_SPEC_N]);
  int64_t oihw = below(2);
  w[OCTAVO_SPEC_WEIGHT_STRIDE_O] = kh * kw * cg;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_H] = oihw ? kw : kw * cg;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_W] = oihw ? 1 : cg;
  w[OCTAVO_SPEC_WEIGHT_STRIDE_I] = oihw ? kh * kw : 1;
  unsigned char *weights = piece(w[OCTAVO_SPEC_N] * kh * kw * cg, 1);
  fill_bytes(weights, w[OCTAVO_SPEC_N] * kh * kw * cg);
  p.weights = weights;
  int64_t bytes = element_bytes(&p);
  int64_t room_h = height + w[OCTAVO_SPEC_PAD_TOP] + w[OCTAVO_SPEC_PAD_BOTTOM] - ((kh - 1) * w[OCTAVO_SPEC_DILATION_H] + 1);
  int64_t room_w = width + w[OCTAVO_SPEC_PAD_LEFT] + w[OCTAVO_SPEC_PAD_RIGHT] - ((kw - 1) * w[OCTAVO_SPEC_DILATION_W] + 1);
  int64_t oh = room_h < 0 ? 0 : room_h / w[OCTAVO_SPEC_STRIDE_H] + 1, ow = room_w < 0 ? 0 : room_w / w[OCTAVO_SPEC_STRIDE_W] + 1;
  p.shape.words[OCTAVO_IMAGE_BATCH] = batch;
  p.shape.words[OCTAVO_IMAGE_HEIGHT] = height;
  p.shape.words[OCTAVO_IMAGE_WIDTH] = width;
  int64_t in_bytes = image_strides(p.shape.words + OCTAVO_IMAGE_IN_STRIDE_N, batch, height, width, w[OCTAVO_SPEC_K], 1, one_in(3));
  int64_t out_bytes = image_strides(p.shape.words + OCTAVO_IMAGE_OUT_STRIDE_N, batch, oh, ow, w[OCTAVO_SPEC_N], bytes, one_in(3));
  unsigned char *in = piece(in_bytes, 1), *out = piece(out_bytes, bytes);
  fill_bytes(in, in_bytes);
  p.input = in;
  memset(out, 0xa5, (size_t)out_bytes);
  run(&p, backend, out, seed);
  const int64_t *s = p.shape.words + OCTAVO_IMAGE_OUT_STRIDE_N;
  for (int64_t b = 0; b < batch; b++) {
    for (int64_t y = 0; y < oh && ow > 0; y++) {
      for (int64_t x = 0; x < ow; x++) {
        for (int64_t o = 0; o < w[OCTAVO_SPEC_N]; o++) {
          expect(&p, backend, seed, out, b * s[0] + y * s[1] + x * s[2] + o * s[3], reference_conv(&p, b, y, x, o), bytes);
        }
      }
    }
  }
  untouched(&p, backend, seed, out, out_bytes);
}
