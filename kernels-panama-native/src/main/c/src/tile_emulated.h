/* AMX in plain C; see tile.h. */
struct octavo_tiles {
  int64_t rows;
  uint8_t bytes[8][16][64];
};

#define OCTAVO_TILES(count) struct octavo_tiles tiles = {.rows = (count)}
#define octavo_tile_load(tile, from, stride) emulated_load(&tiles, tile, from, stride)
#define octavo_tile_store(tile, to, stride) emulated_store(&tiles, tile, to, stride)
#define octavo_tile_zero(tile) memset(tiles.bytes[tile], 0, sizeof tiles.bytes[tile])
#define octavo_tile_dot(acc, a, b, a_signed, b_signed) emulated_dot(&tiles, acc, a, b, a_signed, b_signed)

static inline int64_t emulated_rows(const struct octavo_tiles *tiles, int tile) { return tile < 6 ? tiles->rows : 16; }

static inline void emulated_load(struct octavo_tiles *tiles, int tile, const void *from, int64_t stride) {
  for (int64_t i = 0; i < emulated_rows(tiles, tile); i++) {
    memcpy(tiles->bytes[tile][i], (const uint8_t *)from + i * stride, 64);
  }
}

static inline void emulated_store(const struct octavo_tiles *tiles, int tile, void *to, int64_t stride) {
  for (int64_t i = 0; i < emulated_rows(tiles, tile); i++) memcpy((uint8_t *)to + i * stride, tiles->bytes[tile][i], 64);
}

static inline void emulated_dot(struct octavo_tiles *tiles, int acc, int a, int b, int a_signed, int b_signed) {
  for (int64_t i = 0; i < tiles->rows; i++) {
    for (int64_t j = 0; j < 16; j++) {
      uint32_t sum;
      memcpy(&sum, &tiles->bytes[acc][i][4 * j], 4);
      for (int64_t q = 0; q < 64; q++) {
        uint8_t x = tiles->bytes[a][i][q], y = tiles->bytes[b][q / 4][4 * j + q % 4];
        sum += (uint32_t)((a_signed ? (int32_t)(int8_t)x : x) * (b_signed ? (int32_t)(int8_t)y : y));
      }
      memcpy(&tiles->bytes[acc][i][4 * j], &sum, 4);
    }
  }
}

OCTAVO_INLINE void octavo_tiles_set(int64_t rows) { (void)rows; }
OCTAVO_INLINE void octavo_tiles_clear(void) {}
