#define _GNU_SOURCE
#include "guard.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct guarded guarded_new(size_t bytes, size_t align, int at_end) {
  size_t page = 4096, room = (bytes + page - 1) / page * page + (bytes == 0 ? page : 0);
  struct guarded g;
  g.mapped = room + 2 * page;
  g.map = mmap(NULL, g.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (g.map == MAP_FAILED) {
    perror("mmap");
    exit(2);
  }
  unsigned char *start = (unsigned char *)g.map + page;
  mprotect(g.map, page, PROT_NONE);
  mprotect(start + room, page, PROT_NONE);
  g.p = at_end ? (unsigned char *)((uintptr_t)(start + room - bytes) / align * align) : start;
  return g;
}

void guarded_free(struct guarded *g) { munmap(g->map, g->mapped); }
