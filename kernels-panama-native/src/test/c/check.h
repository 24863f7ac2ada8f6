/* What the problems share: random numbers, guarded memory, preparing, running, comparing. */
#ifndef OCTAVO_CHECK_H
#define OCTAVO_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference.h"

void random_seed(uint64_t seed);
uint64_t next(void);
int64_t below(int64_t n);
int64_t between(int64_t a, int64_t b);
int one_in(int64_t n);
double uniform(void);

/* Guarded memory with random contents, until release(). */
void *piece(int64_t bytes, int64_t align);
void release(void);

void fill_bytes(unsigned char *p, int64_t bytes);
int64_t dimension(const int64_t *tiles, int count, int64_t most);
int32_t type_zero(int64_t type);
float random_multiplier(void);
/* Output kind, recipe, multipliers, bias: everything behind the accumulator; `per` = channels. */
void random_output(struct problem *p, int64_t per);
void random_recipe(struct problem *p, int64_t per);
void random_quantization(struct problem *p, int64_t rows, int64_t per, int row_allowed);

void fail(const struct problem *p, int32_t backend, uint64_t seed, const char *what);
/* Prepares and runs, strips in a random order of random stretches, into `out`. */
void run(const struct problem *p, int32_t backend, unsigned char *out, uint64_t seed);
/* Compares `bytes` bytes and paints them over, so that untouched() can check all others. */
void expect(const struct problem *p, int32_t backend, uint64_t seed, unsigned char *out, int64_t at, uint32_t want,
            int64_t bytes);
void untouched(const struct problem *p, int32_t backend, uint64_t seed, const unsigned char *out, int64_t bytes);

void check_gemm(int32_t backend, uint64_t seed);
void check_conv(int32_t backend, uint64_t seed);
void check_elementwise(int32_t backend, uint64_t seed);

#endif
