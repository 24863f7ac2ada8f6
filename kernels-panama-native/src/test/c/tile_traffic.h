/* AMX tiles as traffic, for traffic.c: every tile instruction becomes what it costs a core besides multiplying, on a CPU that has two loads
 * of 64 bytes a cycle and 48 KB of L1 as one with AMX has. No product is computed: all answers are wrong.
 *
 * A tile load is a load of each row; a tile store a store of each. In time the unit is one chain of dependent instructions in register 31,
 * which gcc leaves alone (-ffixed-xmm31): a product is a square root, 16 cycles with its ternary logic on Zen 5, that waits
 * for its two tiles; sums can be stored two square roots after their last product. Tiles that were not loaded count as there. */
enum octavo_traffic { TRAFFIC_REST /* products take no time */, TRAFFIC_TOGETHER, TRAFFIC_COUNT };
extern enum octavo_traffic octavo_traffic;
extern int64_t octavo_traffic_products; /* so many were counted */

struct octavo_tiles {
  int64_t rows;
  enum octavo_traffic traffic;
  __m128 ready[8];
};

#define OCTAVO_TILES(count) struct octavo_tiles tiles = {.rows = (count), .traffic = octavo_traffic}
#define octavo_tile_load(tile, from, stride) traffic_load(&tiles, tile, from, stride)
#define octavo_tile_store(tile, to, stride) traffic_store(&tiles, (tile) < 6 ? tiles.rows : 16, to, stride)
#define octavo_tile_zero(tile) ((void)0)
#define octavo_tile_dot(acc, a, b, a_signed, b_signed) ((void)(a_signed), (void)(b_signed), traffic_dot(&tiles, a, b))

#define ROWS_OF_FOUR(move)                                                  \
  __asm__ volatile(move("(%0)") move("(%0,%1)") move("(%0,%1,2)") move("(%0,%2)") \
                   : : "r"(at), "r"(stride), "r"(3 * stride) : "xmm16", "memory")
#define ONE_ROW(move) __asm__ volatile(move("(%0)") : : "r"(at) : "xmm16", "memory")
#define ALL_ROWS(move)                                                      \
  do {                                                                      \
    int64_t i = rows;                                                       \
    for (; i >= 4; i -= 4, at += 4 * stride) ROWS_OF_FOUR(move);            \
    for (; i > 0; i--, at += stride) ONE_ROW(move);                         \
  } while (0)
#define LOAD(row) "vmovdqu64 " row ", %%zmm16\n"
#define STORE(row) "vmovdqu64 %%zmm16, " row "\n"

/* The last row's load and a root: some 30 cycles from the first row's. Another, for the 45 that a tile load is said to take, would hold up
 * the products, which need the same divider. */
OCTAVO_INLINE void traffic_load(struct octavo_tiles *tiles, int tile, const void *from, int64_t stride) {
  const uint8_t *at = from;
  int64_t rows = tile < 6 ? tiles->rows : 16;
  if (rows == 16) {
    ROWS_OF_FOUR(LOAD);
    at += 4 * stride;
    ROWS_OF_FOUR(LOAD);
    at += 4 * stride;
    ROWS_OF_FOUR(LOAD);
    at += 4 * stride;
    ROWS_OF_FOUR(LOAD);
  } else {
    ALL_ROWS(LOAD);
  }
  __m128 zero = _mm_setzero_ps(), one = _mm_set_ss(1);
  __asm__ volatile("vmovaps %%xmm16, %0\nvpternlogd $0xea, %2, %1, %0" : "=&v"(tiles->ready[tile]) : "v"(zero), "v"(one));
  if (tiles->traffic) __asm__ volatile("vsqrtss %0, %0, %0" : "+v"(tiles->ready[tile]));
}

OCTAVO_INLINE void traffic_dot(const struct octavo_tiles *tiles, int a, int b) {
  if (tiles->traffic == TRAFFIC_REST) return;
  if (tiles->traffic == TRAFFIC_COUNT) octavo_traffic_products++;
  __asm__ volatile("vpternlogd $0xfe, %0, %1, %%xmm31\nvsqrtss %%xmm31, %%xmm31, %%xmm31"
                   : : "v"(tiles->ready[a]), "v"(tiles->ready[b]));
}

OCTAVO_INLINE void traffic_store(const struct octavo_tiles *tiles, int64_t rows, void *to, int64_t stride) {
  uint8_t *at = to;
  __asm__ volatile("vmovaps %%zmm31, %%zmm16" : : : "xmm16");
  if (tiles->traffic) __asm__ volatile("vsqrtss %%xmm16, %%xmm16, %%xmm16\nvsqrtss %%xmm16, %%xmm16, %%xmm16" : : : "xmm16");
  ALL_ROWS(STORE);
}

/* Setting up tiles is said to take 204 cycles, and nothing is loaded meanwhile. */
OCTAVO_INLINE void octavo_tiles_set(int64_t rows) {
  float one = 1;
  (void)rows;
  __asm__ volatile("vmovss %0, %%xmm31\n.rept 14\nvsqrtss %%xmm31, %%xmm31, %%xmm31\n.endr\nlfence" : : "m"(one));
}
OCTAVO_INLINE void octavo_tiles_clear(void) {}
