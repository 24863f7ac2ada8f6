/* AMX tiles: the instructions, or in a build that imitates them (EMULATE=1, for tests on CPUs without AMX) plain C on a
 * variable of the caller's. OCTAVO_TILES(rows) declares that variable; the tiles are those that octavo_tiles_begin() sets
 * up: 0-3 accumulators and 4, 5 lhs, of `rows` rows; 6, 7 rhs, of 16 rows; all 64 bytes wide. */
#ifndef OCTAVO_TILE_H
#define OCTAVO_TILE_H

#include <immintrin.h>

#include "freestanding.h"

#ifndef OCTAVO_EMULATE

#define OCTAVO_TILES(rows) (void)(rows)
#define octavo_tile_load(tile, from, stride) _tile_loadd(tile, from, stride)
#define octavo_tile_store(tile, to, stride) _tile_stored(tile, to, stride)
#define octavo_tile_zero(tile) _tile_zero(tile)
#define octavo_tile_dot(acc, a, b, a_signed, b_signed)            \
  do {                                                            \
    if (a_signed) {                                               \
      if (b_signed) _tile_dpbssd(acc, a, b); else _tile_dpbsud(acc, a, b); \
    } else {                                                      \
      if (b_signed) _tile_dpbusd(acc, a, b); else _tile_dpbuud(acc, a, b); \
    }                                                             \
  } while (0)

struct octavo_tile_config {
  uint8_t palette, start_row, reserved[14];
  uint16_t bytes[16];
  uint8_t rows[16];
};

OCTAVO_INLINE void octavo_tiles_set(int64_t rows) {
  struct octavo_tile_config config = {.palette = 1};
  for (int i = 0; i < 8; i++) {
    config.bytes[i] = 64;
    config.rows[i] = i < 6 ? (uint8_t)rows : 16;
  }
  _tile_loadconfig(&config);
}

OCTAVO_INLINE void octavo_tiles_clear(void) { _tile_release(); }

#else

#include "tile_emulated.h"

#endif

#endif
