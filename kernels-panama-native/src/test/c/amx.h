/* The tile registers of AMX and the eleven instructions that Octavo may use on them, in plain C: what a processor would do,
 * and where it would fault. amx_trap.c runs programs on it; amx_test.c holds it against the assembler and the formula. */
#ifndef OCTAVO_AMX_H
#define OCTAVO_AMX_H

#include <stdint.h>

enum { AMX_TILES = 8, AMX_ROWS = 16, AMX_BYTES = 64 };

/* Of one thread; all zeros is the initial state, in which nothing is configured. */
struct amx_state {
  uint8_t palette, start_row;
  uint16_t bytes[AMX_TILES]; /* of a row */
  uint8_t rows[AMX_TILES];
  uint8_t data[AMX_TILES][AMX_ROWS][AMX_BYTES];
};

enum amx_op {
  AMX_NONE,    /* some other instruction */
  AMX_ILLEGAL, /* a use of AMX's opcodes that is none of these */
  AMX_LDTILECFG,
  AMX_STTILECFG,
  AMX_TILERELEASE,
  AMX_TILEZERO,
  AMX_TILELOADD,
  AMX_TILELOADDT1,
  AMX_TILESTORED,
  AMX_TDPBUUD, /* in the order 2 * (the first factor is signed) + (the second is) */
  AMX_TDPBUSD,
  AMX_TDPBSUD,
  AMX_TDPBSSD
};

struct amx_instruction {
  enum amx_op op;
  int length;               /* bytes */
  int tile, first, second;  /* written, or stored; factors */
  uint64_t address, stride; /* of the first row; from row to row */
};

/* Decodes the instruction at `code`. `registers` are the sixteen general ones in the order of their encoding (rax, rcx, rdx,
 * rbx, rsp, rbp, rsi, rdi, r8 ..); `ip` is its address. NULL, or why it cannot be executed. */
const char *amx_decode(const uint8_t *code, const uint64_t *registers, uint64_t ip, struct amx_instruction *i);

/* NULL when done, or the fault that a processor would raise (nothing has changed then). */
const char *amx_execute(struct amx_state *s, const struct amx_instruction *i);

#endif
