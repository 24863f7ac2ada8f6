/* Compilers may emit calls to these even in freestanding code. They are hidden: the shared object neither needs a libc
 * nor offers one. */
#include "freestanding.h"

typedef uint64_t __attribute__((may_alias, aligned(1))) word;

void *memcpy(void *restrict dst, const void *restrict src, size_t bytes) {
  unsigned char *d = dst;
  const unsigned char *s = src;
  for (; bytes >= 8; bytes -= 8, d += 8, s += 8) *(word *)d = *(const word *)s;
  for (; bytes > 0; bytes--) *d++ = *s++;
  return dst;
}

void *memset(void *dst, int value, size_t bytes) {
  unsigned char *d = dst;
  uint64_t eight = 0x0101010101010101u * (unsigned char)value;
  for (; bytes >= 8; bytes -= 8, d += 8) *(word *)d = eight;
  for (; bytes > 0; bytes--) *d++ = (unsigned char)value;
  return dst;
}
