/* Memory that ends (or begins) at a page nobody may touch. */
#ifndef OCTAVO_GUARD_H
#define OCTAVO_GUARD_H

#include <stddef.h>

struct guarded {
  unsigned char *p;
  void *map;
  size_t mapped;
};

/* `align` is what p is aligned to where it does not end exactly at the guard; at_end = 0 puts the guard in front. */
struct guarded guarded_new(size_t bytes, size_t align, int at_end);
void guarded_free(struct guarded *g);

#endif
