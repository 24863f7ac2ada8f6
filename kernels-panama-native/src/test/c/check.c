/* Randomized problems, every backend, against the reference; every operand, plan and scratch ends or begins at a page that
 * nobody may touch. Usage: check [seconds per backend] [seed] [backend id] */
#include <time.h>

#include "check.h"

int main(int argc, char **argv) {
  double seconds = argc > 1 ? atof(argv[1]) : 5;
  uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
  int ran = 0;
  for (int32_t backend = 0; backend < octavo_backend_count(); backend++) {
    const char *id = octavo_backend_id(backend), *status = octavo_backend_status(backend, 0);
    if (argc > 3 && strcmp(argv[3], id) != 0) continue;
    if (*status != 0 && strncmp(status, "emulated", 8) != 0) {
      printf("%-20s not run: %s\n", id, status);
      continue;
    }
    clock_t start = clock();
    int64_t problems = 0;
    uint64_t at = seed;
    for (; (double)(clock() - start) / CLOCKS_PER_SEC < seconds; problems++, at++) {
      random_seed(at);
      switch (below(5)) {
        case 0:
        case 1: check_gemm(backend, at); break;
        case 2:
        case 3: check_conv(backend, at); break;
        default: check_elementwise(backend, at);
      }
      release();
    }
    printf("%-20s %lld problems from seed %llu agree%s%s\n", id, (long long)problems, (unsigned long long)seed,
           *status ? ", " : "", status);
    ran++;
  }
  return ran == 0;
}
