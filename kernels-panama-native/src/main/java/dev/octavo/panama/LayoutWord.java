package dev.octavo.panama;

/** The words of a layout as C writes them: {@code enum octavo_layout} of octavo.h, in its order. */
enum LayoutWord {
  MR,
  NR,
  KR,
  OFFSET,
  BYTES,
  GROUP_N,
  GROUP_STRIDE,
  PANEL_STRIDE,
  QUANTUM,
  RUNS_W,
  MERGED_W,
  RUN_I,
  RUN_PACKED,
  FLIP
}
