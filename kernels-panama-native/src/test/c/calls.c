/* Small calls: how many instructions octavo_run() executes and how long it takes, for the operations whose arithmetic is shorter
 * than what surrounds it. Instructions are counted by single-stepping (ptrace), so that every tier this CPU runs can be counted;
 * callgrind knows neither AVX-512 nor AVX-VNNI. Counts do not depend on what else the machine does: a change that adds some shows.
 *
 * Usage: calls [backend id or "all"] [filter]           one line per case
 *        calls <backend id> <filter> functions          and where the instructions are */
#define _GNU_SOURCE

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "octavo.h"

enum { MOST_BYTES = 1 << 16, WARM = 3, ROUNDS = 200, CALLS = 500, FUNCTIONS = 4096 };

struct problem {
  const char *name;
  int64_t spec[OCTAVO_SPEC_WORDS];
  struct octavo_shape shape;
};

#define GEMM(m, n, k, in, size) \
  .spec = {[OCTAVO_SPEC_OP] = OCTAVO_GEMM, [OCTAVO_SPEC_N] = n, [OCTAVO_SPEC_K] = k, [OCTAVO_SPEC_LHS_TYPE] = in, \
           [OCTAVO_SPEC_WEIGHT_STRIDE_O] = k, [OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1, TYPES(size)}, \
  .shape = {{m, k, n * size}}
#define CONV(c, hw, oc, groups, size) \
  .spec = {[OCTAVO_SPEC_OP] = OCTAVO_CONV, [OCTAVO_SPEC_N] = oc, [OCTAVO_SPEC_K] = c, [OCTAVO_SPEC_LHS_TYPE] = OCTAVO_U8, \
           [OCTAVO_SPEC_KERNEL_H] = 3, [OCTAVO_SPEC_KERNEL_W] = 3, [OCTAVO_SPEC_STRIDE_H] = 1, [OCTAVO_SPEC_STRIDE_W] = 1, \
           [OCTAVO_SPEC_DILATION_H] = 1, [OCTAVO_SPEC_DILATION_W] = 1, [OCTAVO_SPEC_PAD_TOP] = 1, [OCTAVO_SPEC_PAD_LEFT] = 1, \
           [OCTAVO_SPEC_PAD_BOTTOM] = 1, [OCTAVO_SPEC_PAD_RIGHT] = 1, [OCTAVO_SPEC_GROUPS] = groups, \
           [OCTAVO_SPEC_WEIGHT_STRIDE_O] = 9 * (c / groups), [OCTAVO_SPEC_WEIGHT_STRIDE_H] = 3 * (c / groups), \
           [OCTAVO_SPEC_WEIGHT_STRIDE_W] = c / groups, [OCTAVO_SPEC_WEIGHT_STRIDE_I] = 1, TYPES(size)}, \
  .shape = {{1, hw, hw, hw * hw * c, hw * c, c, 1, hw * hw * oc * size, hw * oc * size, oc * size, size}}
/* Outputs of one byte are requantized to u8, of four are accumulators. */
#define TYPES(size) \
  [OCTAVO_SPEC_RHS_TYPE] = OCTAVO_S8, [OCTAVO_SPEC_ZERO_POINTS] = 1, [OCTAVO_SPEC_MULTIPLIERS] = 1, \
  [OCTAVO_SPEC_OUTPUT] = size == 1 ? OCTAVO_REQUANTIZED : OCTAVO_ACCUMULATORS, [OCTAVO_SPEC_OUTPUT_TYPE] = OCTAVO_U8, \
  [OCTAVO_SPEC_OUTPUT_ZERO_POINT] = 3, [OCTAVO_SPEC_MAX] = 255

static const struct problem problems[] = {
    {.name = "gemm 16,16,16 u8s8s32", GEMM(16, 16, 16, OCTAVO_U8, 4)},
    {.name = "gemm 16,16,16 s8s8s32", GEMM(16, 16, 16, OCTAVO_S8, 4)},
    {.name = "gemm 16,16,16 u8s8u8", GEMM(16, 16, 16, OCTAVO_U8, 1)},
    {.name = "gemm 1,64,64 u8s8u8", GEMM(1, 64, 64, OCTAVO_U8, 1)},
    {.name = "gemm 32,48,40 u8s8s32", GEMM(32, 48, 40, OCTAVO_U8, 4)},
    {.name = "conv 16,4x4,16,3x3 u8s8u8", CONV(16, 4, 16, 1, 1)},
    {.name = "depthwise 16,4x4,3x3 u8s8u8", CONV(16, 4, 16, 16, 1)},
    {.name = "requantize 256 s32u8",
     .spec = {[OCTAVO_SPEC_OP] = OCTAVO_REQUANTIZE, [OCTAVO_SPEC_N] = 1, [OCTAVO_SPEC_LHS_TYPE] = OCTAVO_S32, TYPES(1)},
     .shape = {{1, 256, 1024, 256}}}};

/* A prepared problem. Input, weights and output are as large as the largest. */
struct work {
  void *plan, *packed;
  struct octavo_shape shape;
  int64_t strips;
};

static unsigned char weights[MOST_BYTES], input[MOST_BYTES], output[MOST_BYTES] __attribute__((aligned(64)));

static void *memory(int64_t bytes) { return aligned_alloc(64, (size_t)((bytes + 127) / 64 * 64)); }

static struct work prepare(int32_t backend, const struct problem *p) {
  static const int32_t zero[1] = {0};
  static const float multiplier[1] = {0.01f};
  struct work w = {memory(octavo_plan_bytes()), memory(octavo_packed_bytes(backend, p->spec)), p->shape, 0};
  octavo_prepare(backend, p->spec, weights, zero, multiplier, NULL, NULL, w.plan, w.packed, 0, INT64_MAX);
  w.strips = octavo_strips(w.plan, w.shape);
  if (octavo_scratch_bytes(w.plan, w.shape) != 0) {
    fprintf(stderr, "%s is no small call: it needs scratch\n", p->name);
    exit(2);
  }
  return w;
}

static void run(const struct work *w) { octavo_run(w->plan, w->packed, w->shape, input, output, NULL, NULL, NULL, 0, w->strips); }

static double nanoseconds(const struct work *w) {
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < CALLS; i++) run(w);
    clock_gettime(CLOCK_MONOTONIC, &b);
    double took = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / CALLS;
    if (took < best) best = took;
  }
  return best;
}

/* Where instructions are: the symbols of this executable, in order of address. */
struct function {
  unsigned long begin;
  char name[64];
  long count;
};
static struct function functions[FUNCTIONS];
static int function_count;

static void read_symbols(void) {
  char command[4200] = "nm -n ", line[512], type;
  ssize_t n = readlink("/proc/self/exe", command + 6, sizeof command - 7);
  command[n < 0 ? 0 : 6 + n] = 0;
  FILE *nm = popen(command, "r");
  while (nm && function_count < FUNCTIONS && fgets(line, sizeof line, nm)) {
    struct function *f = &functions[function_count];
    if (sscanf(line, "%lx %c %63s", &f->begin, &type, f->name) == 3 && strchr("tTwW", type)) function_count++;
  }
  if (nm) pclose(nm);
}

static void count_at(unsigned long address) {
  int low = 0, high = function_count;
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (functions[middle].begin <= address) low = middle; else high = middle;
  }
  if (high > 0) functions[low].count++;
}

static void stop_child(pid_t child, const char *why) {
  fprintf(stderr, "cannot count instructions: %s\n", why);
  kill(child, SIGKILL);
  exit(2);
}

/* The child stops itself before and after the call that is counted. */
static long instructions(const struct work *w, int by_function) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    for (int i = 0; i < WARM; i++) run(w);
    __asm__ volatile("int3" ::: "memory");
    run(w);
    __asm__ volatile("int3" ::: "memory");
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP) stop_child(child, "the child did not reach the call");
  for (long count = 0;; count++) {
    siginfo_t info;
    struct user_regs_struct registers;
    if (ptrace(PTRACE_SINGLESTEP, child, 0, 0) < 0 || waitpid(child, &status, 0) < 0) stop_child(child, "no single steps here");
    if (!WIFSTOPPED(status) || ptrace(PTRACE_GETSIGINFO, child, 0, &info) < 0) stop_child(child, "the child ended early");
    if (info.si_code != TRAP_TRACE) { /* the second int3 */
      ptrace(PTRACE_CONT, child, 0, 0);
      waitpid(child, &status, 0);
      return count;
    }
    if (by_function && ptrace(PTRACE_GETREGS, child, 0, &registers) == 0) count_at(registers.rip);
  }
}

static int by_count(const void *a, const void *b) {
  long x = ((const struct function *)a)->count, y = ((const struct function *)b)->count;
  return x < y ? 1 : x > y ? -1 : 0;
}

static void print_functions(void) {
  qsort(functions, (size_t)function_count, sizeof functions[0], by_count);
  for (int i = 0; i < function_count && functions[i].count > 0; i++) printf("  %8ld  %s\n", functions[i].count, functions[i].name);
}

int main(int argc, char **argv) {
  const char *only = argc > 1 ? argv[1] : "all", *filter = argc > 2 ? argv[2] : "";
  int by_function = argc > 3;
  for (int i = 0; i < MOST_BYTES; i++) weights[i] = (unsigned char)(rand() >> 7), input[i] = (unsigned char)(rand() >> 7);
  printf("%-18s %-30s %12s %8s\n", "backend", "call", "instructions", "ns");
  for (int32_t backend = 0; backend < octavo_backend_count(); backend++) {
    const char *id = octavo_backend_id(backend);
    if (*octavo_backend_status(backend, 0) || (strcmp(only, "all") && strcmp(only, id))) continue;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
      if (!strstr(problems[i].name, filter)) continue;
      struct work w = prepare(backend, &problems[i]);
      if (by_function) function_count = 0, read_symbols();
      printf("%-18s %-30s %12ld %8.1f\n", id, problems[i].name, instructions(&w, by_function), nanoseconds(&w));
      if (by_function) print_functions(), memset(functions, 0, sizeof functions);
      free(w.plan), free(w.packed);
    }
  }
  return 0;
}
