/* AMX tiles: the instructions, or in a build that imitates them (EMULATE=1, for tests on CPUs without AMX) plain C on a
 * variable of the caller's. OCTAVO_TILES(rows) declares that variable; the tiles are those that octavo_tiles_set() sets
 * up: 0-3 accumulators and 4, 5 lhs, of `rows` rows; 6, 7 rhs, of 16 rows; all 64 bytes wide. */
#ifndef OCTAVO_TILE_H
#define OCTAVO_TILE_H

#include <immintrin.h>

#include "freestanding.h"

#if !defined(OCTAVO_EMULATE) && !defined(OCTAVO_TRAFFIC)

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
_Static_assert(sizeof(struct octavo_tile_config) == 64 && offsetof(struct octavo_tile_config, bytes) == 16 &&
               offsetof(struct octavo_tile_config, rows) == 48, "the layout that ldtilecfg reads");

#define OCTAVO_TILE_CONFIG(n) {1, 0, {0}, {64, 64, 64, 64, 64, 64, 64, 64}, {n, n, n, n, n, n, 16, 16}}

/* Constants, and an operand that covers all of them: the intrinsic of GCC 12 declares that it reads 8 bytes, so a
 * configuration built on the stack loses its other 56 to the optimizer. */
OCTAVO_INLINE void octavo_tiles_set(int64_t rows) {
  static const struct octavo_tile_config configs[16] = {
      OCTAVO_TILE_CONFIG(1),  OCTAVO_TILE_CONFIG(2),  OCTAVO_TILE_CONFIG(3),  OCTAVO_TILE_CONFIG(4),
      OCTAVO_TILE_CONFIG(5),  OCTAVO_TILE_CONFIG(6),  OCTAVO_TILE_CONFIG(7),  OCTAVO_TILE_CONFIG(8),
      OCTAVO_TILE_CONFIG(9),  OCTAVO_TILE_CONFIG(10), OCTAVO_TILE_CONFIG(11), OCTAVO_TILE_CONFIG(12),
      OCTAVO_TILE_CONFIG(13), OCTAVO_TILE_CONFIG(14), OCTAVO_TILE_CONFIG(15), OCTAVO_TILE_CONFIG(16)};
  __asm__ volatile("ldtilecfg %0" : : "m"(configs[rows - 1]));
}

/* Tile loads do not tell the compiler what they read: whatever was stored before must have been. */
OCTAVO_INLINE void octavo_tiles_behold(void) { __asm__ volatile("" : : : "memory"); }

OCTAVO_INLINE void octavo_tiles_clear(void) { _tile_release(); }

#elif defined(OCTAVO_EMULATE)

#include "tile_emulated.h"

OCTAVO_INLINE void octavo_tiles_behold(void) {}

#else /* for a bench that wants to know what surrounds the products: src/test/c/traffic.c */

#include "tile_traffic.h"

OCTAVO_INLINE void octavo_tiles_behold(void) { __asm__ volatile("" : : : "memory"); }

#endif

#endif
