/* Is the trap itself right? The decoder against the assembler (amx_forms.S); tiles against the formula; every configuration and
 * use that the manual forbids is refused, and ends a process; and a process that handles SIGILL itself still gets it.
 * Usage: LD_PRELOAD=libamxtrap.so amx_test */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "amx.h"
#include "guard.h"

#define CHECK(condition, ...)                              \
  do {                                                     \
    if (!(condition)) {                                    \
      printf("FAILED %s:%d: ", __func__, __LINE__);        \
      printf(__VA_ARGS__);                                 \
      printf("\n");                                        \
      exit(1);                                             \
    }                                                      \
  } while (0)

extern const uint8_t amx_forms_addresses[], amx_forms_dots[], amx_forms_others[], amx_forms_end[];

static uint64_t seed = 88172645463325252u;
static int below(int n) {
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return (int)(seed * 0x2545F4914F6CDD1Du >> 33) % n;
}

static void check_decoder(void) {
  static const int displacements[] = {0, -64, 4160}, tiles[] = {0, 0, 5, 2, 7};
  static const enum amx_op ops[] = {AMX_LDTILECFG, AMX_STTILECFG, AMX_TILELOADD, AMX_TILELOADDT1, AMX_TILESTORED};
  uint64_t r[16];
  for (int i = 0; i < 16; i++) r[i] = 0x100000007 * (uint64_t)(i + 3) + (i % 3 == 0 ? 0 : 1ull << 62);
  const uint8_t *at = amx_forms_addresses;
  struct amx_instruction i;
  for (int op = 0; op < 5; op++) {
    for (int form = 0; form < 16 * 15 * 4 * 3; form++, at += 16) {
      int base = form / 180, index = form / 12 % 15, scale = form / 3 % 4, displacement = displacements[form % 3];
      index += index >= 4; /* rsp is none */
      uint64_t stride = r[index] << scale, address = r[base] + (uint64_t)(int64_t)displacement + (op < 2 ? stride : 0);
      int length = 6 + (displacement == 4160 ? 4 : displacement != 0 || base % 8 == 5);
      const char *why = amx_decode(at, r, 0, &i);
      CHECK(!why && i.op == ops[op] && i.length == length && i.tile == tiles[op] && i.address == address && i.stride == stride,
            "address form %d %d: %s", op, form, why ? why : "decoded differently");
    }
  }
  CHECK(at == amx_forms_dots, "%d bytes", (int)(amx_forms_dots - at));
  for (int op = AMX_TDPBUUD; op <= AMX_TDPBSSD; op++) {
    for (int form = 0; form < 512; form++) {
      int sum = form / 64, first = form / 8 % 8, second = form % 8;
      if (sum == first || sum == second || first == second) continue;
      const char *why = amx_decode(at, r, 0, &i);
      CHECK(!why && (int)i.op == op && i.length == 5 && i.tile == sum && i.first == first && i.second == second, "product %d %d", op, form);
      at += 16;
    }
  }
  CHECK(at == amx_forms_others, "%d bytes", (int)(amx_forms_others - at));
  for (int tile = 0; tile < 8; tile++, at += 16) {
    CHECK(!amx_decode(at, r, 0, &i) && i.op == AMX_TILEZERO && i.length == 5 && i.tile == tile, "tilezero %d", tile);
  }
  CHECK(!amx_decode(at, r, 0, &i) && i.op == AMX_TILERELEASE && i.length == 5, "tilerelease");
  CHECK(!amx_decode(at += 16, r, 500, &i) && i.address == 500 + 9 + 0x1000 && i.length == 9, "rip");
  CHECK(!amx_decode(at += 16, r, 500, &i) && i.address == 0x1000 && i.length == 10, "absolute");
  CHECK(!amx_decode(at += 16, r, 500, &i) && i.address == r[13] && i.length == 6, "r13");
  CHECK(!amx_decode(at += 16, r, 0, &i) && i.address == r[5] + 64 && i.stride == 0 && i.tile == 1 && i.length == 7, "no index");
  CHECK(!amx_decode(at += 16, r, 0, &i) && i.address == 0x1000 && i.stride == r[12] << 1 && i.length == 10, "no base");
  CHECK(at + 16 == amx_forms_end, "forms are left");
  /* vpaddd, and a product that names tmm8; VEX.L; tileloadd of a register. */
  static const uint8_t vpaddd[] = {0xc5, 0xf5, 0xfe, 0xc0, 0, 0}, ninth[] = {0xc4, 0xe2, 0x3b, 0x5e, 0xc1, 0},
                       wide[] = {0xc4, 0xe2, 0x6f, 0x5e, 0xc1, 0}, none[] = {0xc4, 0xe2, 0x7b, 0x4b, 0xc4, 0};
  CHECK(amx_decode(vpaddd, r, 0, &i) && i.op == AMX_NONE, "vpaddd is none of ours");
  CHECK(amx_decode(ninth, r, 0, &i) && i.op != AMX_NONE && amx_decode(wide, r, 0, &i) && i.op != AMX_NONE, "refused");
  CHECK(amx_decode(none, r, 0, &i) && i.op == AMX_ILLEGAL, "refused");
}

static void configure(uint8_t *to, const int *rows, const int *bytes) {
  memset(to, 0, 64);
  to[0] = 1;
  for (int i = 0; i < 8; i++) to[48 + i] = (uint8_t)rows[i], to[16 + 2 * i] = (uint8_t)bytes[i];
}

static const char *execute(struct amx_state *s, enum amx_op op, int tile, const void *at, int stride) {
  struct amx_instruction i = {.op = op, .tile = tile, .address = (uint64_t)at, .stride = (uint64_t)stride};
  return amx_execute(s, &i);
}

static const char *multiply(struct amx_state *s, enum amx_op op, int sum, int first, int second) {
  struct amx_instruction i = {.op = op, .tile = sum, .first = first, .second = second};
  return amx_execute(s, &i);
}

static int value(const uint8_t *at, int is_signed) { return is_signed && *at >= 128 ? *at - 256 : *at; }

/* Tiles of any shape: products by the formula, zeros beyond rows and bytes, loads and stores that touch no byte more. */
static void check_tiles(void) {
  for (int round = 0; round < 4000; round++) {
    int m = 1 + below(16), n = 1 + below(16), k = 1 + below(16), extreme = below(3) == 0;
    int rows[8] = {m, m, k, 16, 16, 0, 0, 0}, bytes[8] = {4 * n, 4 * k, 4 * n, 64, 64, 0, 0, 0};
    int stride[3] = {4 * n + below(9), 4 * k + below(9), 4 * n + below(9)};
    uint8_t configuration[64], back[64], whole[16][64];
    struct guarded g[3];
    struct amx_state s = {0};
    configure(configuration, rows, bytes);
    CHECK(!execute(&s, AMX_LDTILECFG, 0, configuration, 0) && !execute(&s, AMX_STTILECFG, 0, back, 0), "round %d", round);
    CHECK(memcmp(configuration, back, 64) == 0, "sttilecfg, round %d", round);
    for (int t = 0; t < 3; t++) {
      size_t size = (size_t)((rows[t] - 1) * stride[t] + bytes[t]);
      g[t] = guarded_new(size, 1, 1);
      for (size_t i = 0; i < size; i++) g[t].p[i] = (uint8_t)(extreme ? (below(2) ? 128 : 255) : below(256));
      memset(s.data[t], 0xee, sizeof s.data[t]);
      CHECK(!execute(&s, below(2) ? AMX_TILELOADD : AMX_TILELOADDT1, t, g[t].p, stride[t]), "load %d", round);
      for (int i = 0; i < 1024; i++) {
        int row = i / 64, column = i % 64, inside = row < rows[t] && column < bytes[t];
        CHECK(s.data[t][row][column] == (inside ? g[t].p[row * stride[t] + column] : 0), "byte %d of tile %d, round %d", i, t, round);
      }
    }
    int op = below(4);
    CHECK(!multiply(&s, AMX_TDPBUUD + op, 0, 1, 2), "product %d", round);
    memset(whole, 0x77, sizeof whole);
    CHECK(!execute(&s, AMX_TILESTORED, 0, whole, 64), "store %d", round);
    for (int i = 0; i < 256; i++) {
      int row = i / 16, column = i % 16;
      int32_t got, want = 0x77777777;
      memcpy(&got, &whole[row][4 * column], 4);
      if (row < m && column < n) {
        int64_t sum;
        memcpy(&want, g[0].p + row * stride[0] + 4 * column, 4);
        sum = want;
        for (int q = 0; q < 4 * k; q++) {
          sum += (int64_t)value(g[1].p + row * stride[1] + q, op >> 1) * value(g[2].p + q / 4 * stride[2] + 4 * column + q % 4, op & 1);
        }
        want = (int32_t)(uint32_t)(uint64_t)sum;
      }
      CHECK(got == want, "product %d of round %d: %d, not %d", i, round, got, want);
    }
    /* An interrupted load goes on where it stopped, and leaves the rows before alone. */
    s.start_row = (uint8_t)below(m);
    int begin = s.start_row;
    memset(s.data[0], 0x55, sizeof s.data[0]);
    CHECK(!execute(&s, AMX_TILELOADD, 0, g[0].p, stride[0]) && s.start_row == 0, "restart %d", round);
    CHECK(begin == 0 || s.data[0][begin - 1][0] == 0x55, "restart %d", round);
    CHECK(s.data[0][begin][0] == g[0].p[begin * stride[0]], "restart %d", round);
    CHECK(!execute(&s, AMX_TILEZERO, 3, NULL, 0) && !execute(&s, AMX_TILERELEASE, 0, NULL, 0) && s.palette == 0, "release");
    for (int t = 0; t < 3; t++) guarded_free(&g[t]);
  }
}

/* One thing wrong at a time. */
static void check_refusals(void) {
  int rows[8] = {16, 16, 16, 9, 16, 16, 16, 0}, bytes[8] = {64, 64, 64, 64, 60, 62, 64, 0};
  uint8_t good[64], bad[64], memory[16 * 64] = {0};
  struct amx_state s = {0};
  configure(good, rows, bytes);
  CHECK(execute(&s, AMX_TILELOADD, 0, memory, 64) && execute(&s, AMX_TILEZERO, 0, NULL, 0), "not configured");
  for (int i = 0; i < 64; i++) {
    for (int v = 0; v < 256; v++) {
      memcpy(bad, good, 64);
      bad[i] = (uint8_t)v;
      int tile = i >= 48 ? i - 48 : (i - 16) / 2, odd = i >= 16 && i < 32 && i % 2;
      int fine = v == good[i] || (i == 0 && v <= 1) || i == 1 ||
                 (i >= 16 && i < 32 && !odd && tile < 7 && v >= 1 && v <= 64) || (i >= 48 && tile < 7 && v >= 1 && v <= 16);
      struct amx_state fresh = {0};
      CHECK((execute(&fresh, AMX_LDTILECFG, 0, bad, 0) == NULL) == fine, "byte %d = %d of a configuration", i, v);
    }
  }
  CHECK(!execute(&s, AMX_LDTILECFG, 0, good, 0) && !multiply(&s, AMX_TDPBSSD, 0, 1, 2), "good");
  CHECK(multiply(&s, AMX_TDPBSSD, 0, 0, 2) && multiply(&s, AMX_TDPBSSD, 0, 1, 1) && multiply(&s, AMX_TDPBSSD, 0, 1, 0), "same tiles");
  CHECK(multiply(&s, AMX_TDPBSSD, 3, 1, 2) && multiply(&s, AMX_TDPBSSD, 0, 3, 2), "rows of sum and first factor");
  CHECK(multiply(&s, AMX_TDPBSSD, 0, 1, 3) && multiply(&s, AMX_TDPBSSD, 0, 4, 2), "depth");
  CHECK(multiply(&s, AMX_TDPBSSD, 4, 1, 2) && multiply(&s, AMX_TDPBSSD, 0, 1, 4), "columns");
  CHECK(multiply(&s, AMX_TDPBSSD, 7, 1, 2) && multiply(&s, AMX_TDPBSSD, 0, 1, 7), "empty tile");
  CHECK(execute(&s, AMX_TILELOADD, 5, memory, 64) && execute(&s, AMX_TILESTORED, 7, memory, 64), "odd bytes, empty tile");
  s.start_row = 9;
  CHECK(execute(&s, AMX_TILELOADD, 3, memory, 64), "start_row");
}

/* What follows is this process itself, under the trap. */
static uint8_t config[64], source[17 * 64], sink[16 * 64];
static volatile int mine;

static void load_config(const void *at) { __asm__ volatile("ldtilecfg (%0)" : : "r"(at) : "memory"); }
static void product(void) { __asm__ volatile("tdpbssd %%tmm2, %%tmm1, %%tmm0" : : : "memory"); }
static void load_tile(const void *at, int64_t stride) { __asm__ volatile("tileloadd (%0,%1), %%tmm1" : : "r"(at), "r"(stride) : "memory"); }
static void load_whole(void) { load_config(config); }
static void reserved(void) { config[33] = 1, load_config(config); }
static void unconfigured(void) { load_tile(source, 64); }
static void misfit(void) { config[49] = 7, load_config(config), product(); }
static void beyond(void) {
  struct guarded g = guarded_new(16 * 64 - 1, 1, 1);
  load_config(config), load_tile(g.p, 64);
}
static void undefined(void) { __asm__ volatile("ud2"); }

static void expect_death(void (*what)(void), int signal, const char *words) {
  int ends[2], status;
  char text[300] = {0};
  CHECK(pipe(ends) == 0, "pipe");
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 2);
    what();
    _exit(0);
  }
  close(ends[1]);
  if (read(ends[0], text, sizeof text - 1) < 0) text[0] = 0;
  close(ends[0]);
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == signal && strstr(text, words), "status %x, not signal %d: %s", status, signal, text);
}

static void on_mine(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)info;
  ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
  mine++;
}

static void *other_thread(void *unused) {
  (void)unused;
  __asm__ volatile("sttilecfg %0" : "=m"(sink) : : "memory");
  return NULL;
}

static void check_process(void) {
  int rows[8] = {16, 16, 16, 16, 16, 16, 16, 16}, bytes[8] = {64, 64, 64, 64, 64, 64, 64, 64};
  configure(config, rows, bytes);
  for (int i = 0; i < 16 * 64; i++) source[i] = (uint8_t)below(256);
  expect_death(unconfigured, SIGABRT, "#UD: tiles are not configured");
  expect_death(reserved, SIGABRT, "#GP: a reserved byte");
  expect_death(misfit, SIGABRT, "#UD: the sum has not as many rows");
  expect_death(beyond, SIGSEGV, "");
  expect_death(undefined, SIGILL, "");
  load_whole();
  load_tile(source, 64);
  __asm__ volatile("tilestored %%tmm1, (%0,%1,4)" : : "r"(sink), "r"(16l) : "memory");
  CHECK(memcmp(sink, source, sizeof sink) == 0, "a tile there and back");
  pthread_t thread;
  pthread_create(&thread, NULL, other_thread, NULL);
  pthread_join(thread, NULL);
  for (int i = 0; i < 64; i++) CHECK(sink[i] == 0, "a thread saw another's tiles");
  struct sigaction handler = {.sa_sigaction = on_mine, .sa_flags = SA_SIGINFO}, seen;
  CHECK(sigaction(SIGILL, &handler, NULL) == 0 && sigaction(SIGILL, NULL, &seen) == 0 && seen.sa_sigaction == on_mine, "sigaction");
  undefined();
  __asm__ volatile("sttilecfg %0" : "=m"(sink) : : "memory");
  CHECK(mine == 1 && memcmp(sink, config, 64) == 0, "ud2 is the program's, AMX still ours");
  __asm__ volatile("tilerelease");
}

int main(void) {
  check_decoder();
  check_tiles();
  check_refusals();
  check_process();
  printf("amx_test: decoder, tiles, refusals, process: right\n");
  return 0;
}
