#include "amx.h"

#include <string.h>

enum { NO_PREFIX, PREFIX_66, PREFIX_F3, PREFIX_F2 };

static int32_t displacement(const uint8_t *at, int bytes) {
  int32_t wide = 0;
  if (bytes == 1) return (int8_t)*at;
  if (bytes == 4) memcpy(&wide, at, 4);
  return wide;
}

/* ModRM with memory, from the ModRM byte on: sets address, stride and length. `x`, `b`: the VEX bits that extend registers. */
static void memory_operand(const uint8_t *modrm, const uint64_t *registers, uint64_t ip, int x, int b,
                           struct amx_instruction *i) {
  int mod = modrm[0] >> 6, rm = modrm[0] & 7, has_sib = rm == 4, bytes = mod == 1 ? 1 : mod == 2 ? 4 : 0;
  const uint8_t *rest = modrm + 1 + has_sib;
  uint64_t base = 0, index = 0;
  int base_number = has_sib ? modrm[1] & 7 : rm, no_base = mod == 0 && base_number == 5;
  if (no_base) bytes = 4;
  i->length = (int)(rest + bytes - modrm) + 4; /* three bytes of VEX and the opcode come before */
  if (has_sib) {
    int number = (modrm[1] >> 3 & 7) | x << 3;
    if (number != 4) index = registers[number] << (modrm[1] >> 6);
  }
  if (!no_base) base = registers[base_number | b << 3];
  else if (!has_sib) base = ip + (uint64_t)i->length;
  i->address = base + (uint64_t)(int64_t)displacement(rest, bytes);
  i->stride = index;
}

static enum amx_op op_of(int opcode, int prefix, int modrm) {
  int is_register = modrm >> 6 == 3, reg = modrm >> 3 & 7, rm = modrm & 7;
  static const enum amx_op dots[] = {AMX_TDPBUUD, AMX_TDPBUSD, AMX_TDPBSUD, AMX_TDPBSSD};
  static const enum amx_op moves[] = {AMX_ILLEGAL, AMX_TILELOADDT1, AMX_TILESTORED, AMX_TILELOADD};
  switch (opcode) {
    case 0x49:
      if (is_register) return prefix == NO_PREFIX && modrm == 0xc0 ? AMX_TILERELEASE : prefix == PREFIX_F2 && rm == 0 ? AMX_TILEZERO : AMX_ILLEGAL;
      return reg != 0 ? AMX_ILLEGAL : prefix == NO_PREFIX ? AMX_LDTILECFG : prefix == PREFIX_66 ? AMX_STTILECFG : AMX_ILLEGAL;
    case 0x4b: return is_register || rm != 4 ? AMX_ILLEGAL : moves[prefix];
    default: return is_register ? dots[prefix] : AMX_ILLEGAL;
  }
}

const char *amx_decode(const uint8_t *code, const uint64_t *registers, uint64_t ip, struct amx_instruction *i) {
  memset(i, 0, sizeof *i);
  if (code[0] != 0xc4 || (code[1] & 31) != 2 || (code[3] != 0x49 && code[3] != 0x4b && code[3] != 0x5e)) return "not AMX";
  int r = ~code[1] >> 7 & 1, x = ~code[1] >> 6 & 1, b = ~code[1] >> 5 & 1, modrm = code[4];
  int vvvv = ~code[2] >> 3 & 15, wide = code[2] >> 7, length = code[2] >> 2 & 1;
  enum amx_op op = op_of(code[3], code[2] & 3, modrm);
  i->op = op;
  i->length = 5;
  i->tile = modrm >> 3 & 7;
  if (op == AMX_ILLEGAL) return "#UD: no such AMX-TILE or AMX-INT8 instruction";
  if (wide || length) return "#UD: VEX.W or VEX.L is set";
  if (r) return "#UD: a tile register above 7";
  if (op >= AMX_TDPBUUD) {
    i->first = modrm & 7;
    i->second = vvvv;
    return b || vvvv > 7 ? "#UD: a tile register above 7" : NULL;
  }
  if (vvvv != 0) return "#UD: VEX.vvvv names a register that the instruction has not";
  if (modrm >> 6 != 3) memory_operand(code + 4, registers, ip, x, b, i);
  if (op == AMX_LDTILECFG || op == AMX_STTILECFG) i->address += i->stride;
  return NULL;
}

static const char *load_configuration(struct amx_state *s, const uint8_t *from) {
  struct amx_state new = {.palette = from[0], .start_row = from[1]};
  if (new.palette > 1) return "#GP: no such palette";
  if (new.palette == 0) {
    *s = (struct amx_state){0};
    return NULL;
  }
  for (int i = 0; i < 64; i++) {
    int reserved = (i >= 2 && i < 16) || (i >= 32 && i < 48) || i >= 56;
    if (reserved && from[i] != 0) return "#GP: a reserved byte of the configuration is not 0";
  }
  for (int i = 0; i < AMX_TILES; i++) {
    new.bytes[i] = (uint16_t)(from[16 + 2 * i] | from[17 + 2 * i] << 8);
    new.rows[i] = from[48 + i];
    if (new.bytes[i] > AMX_BYTES || new.rows[i] > AMX_ROWS) return "#GP: a tile of the configuration is too large";
    if ((new.bytes[i] == 0) != (new.rows[i] == 0)) return "#GP: a tile of the configuration has rows without bytes, or bytes without rows";
  }
  *s = new;
  return NULL;
}

static void store_configuration(const struct amx_state *s, uint8_t *to) {
  memset(to, 0, 64);
  if (s->palette == 0) return;
  to[0] = s->palette;
  to[1] = s->start_row;
  for (int i = 0; i < AMX_TILES; i++) {
    to[16 + 2 * i] = (uint8_t)s->bytes[i];
    to[17 + 2 * i] = (uint8_t)(s->bytes[i] >> 8);
    to[48 + i] = s->rows[i];
  }
}

/* Rows from start_row on; what lies beyond a tile's rows and bytes is zero. */
static void load(struct amx_state *s, const struct amx_instruction *i) {
  uint8_t(*to)[AMX_BYTES] = s->data[i->tile];
  for (int row = s->start_row; row < AMX_ROWS; row++) {
    memset(to[row], 0, AMX_BYTES);
    if (row < s->rows[i->tile]) memcpy(to[row], (const void *)(i->address + (uint64_t)row * i->stride), s->bytes[i->tile]);
  }
}

static void store(const struct amx_state *s, const struct amx_instruction *i) {
  for (int row = s->start_row; row < s->rows[i->tile]; row++) {
    memcpy((void *)(i->address + (uint64_t)row * i->stride), s->data[i->tile][row], s->bytes[i->tile]);
  }
}

static const char *dot_fault(const struct amx_state *s, const struct amx_instruction *i) {
  int t = i->tile, a = i->first, b = i->second;
  if (t == a || t == b || a == b) return "#UD: the three tiles are not different";
  if (s->rows[t] == 0 || s->rows[a] == 0 || s->rows[b] == 0) return "#UD: a tile is not configured";
  if ((s->bytes[t] | s->bytes[a] | s->bytes[b]) % 4 != 0) return "#UD: a tile's rows are no whole number of fours";
  if (s->rows[t] != s->rows[a]) return "#UD: the sum has not as many rows as the first factor";
  if (s->bytes[t] != s->bytes[b]) return "#UD: the sum has not as many columns as the second factor";
  if (s->bytes[a] / 4 != s->rows[b]) return "#UD: a row of the first factor has not as many fours as the second has rows";
  return NULL;
}

/* tile[m][n] += first[m][4 k + q] * second[k][4 n + q], over k and q, modulo 2^32. */
static void dot(struct amx_state *s, const struct amx_instruction *i) {
  int first_signed = (i->op - AMX_TDPBUUD) >> 1, second_signed = (i->op - AMX_TDPBUUD) & 1;
  int rows = s->rows[i->tile], depth = s->rows[i->second], columns = s->bytes[i->tile] / 4;
  static const int32_t none[4] = {0};
  int32_t factors[AMX_ROWS][4][AMX_ROWS] = {{{0}}}; /* of the second, by k, q, n */
  for (int k = 0; k < depth; k++) {
    for (int n = 0; n < columns; n++) {
      for (int q = 0; q < 4; q++) {
        uint8_t y = s->data[i->second][k][4 * n + q];
        factors[k][q][n] = second_signed ? (int8_t)y : y;
      }
    }
  }
  for (int m = 0; m < AMX_ROWS; m++) {
    uint32_t sum[AMX_ROWS];
    memcpy(sum, s->data[i->tile][m], sizeof sum);
    for (int k = 0; k < depth && m < rows; k++) {
      for (int q = 0; q < 4; q++) {
        uint8_t byte = s->data[i->first][m][4 * k + q];
        int32_t x = first_signed ? (int8_t)byte : byte;
        for (int n = 0; n < AMX_ROWS; n++) sum[n] += (uint32_t)(x * factors[k][q][n]);
      }
    }
    for (int n = 0; n < AMX_ROWS; n++) {
      memcpy(&s->data[i->tile][m][4 * n], m < rows && n < columns ? (const void *)&sum[n] : none, 4);
    }
  }
}

const char *amx_execute(struct amx_state *s, const struct amx_instruction *i) {
  if (i->op == AMX_LDTILECFG) return load_configuration(s, (const uint8_t *)i->address);
  if (i->op == AMX_STTILECFG) {
    store_configuration(s, (uint8_t *)i->address);
    return NULL;
  }
  if (i->op == AMX_TILERELEASE) {
    *s = (struct amx_state){0};
    return NULL;
  }
  if (s->palette == 0) return "#UD: tiles are not configured";
  if (s->rows[i->tile] == 0) return "#UD: the tile is not configured";
  if (i->op >= AMX_TDPBUUD) {
    const char *fault = dot_fault(s, i);
    if (fault) return fault;
    dot(s, i);
  } else if (i->op == AMX_TILEZERO) {
    memset(s->data[i->tile], 0, sizeof s->data[i->tile]);
  } else {
    if (s->bytes[i->tile] % 4 != 0) return "#UD: the tile's rows are no whole number of fours";
    if (s->start_row >= s->rows[i->tile]) return "#UD: start_row lies behind the tile";
    if (i->op == AMX_TILESTORED) store(s, i); else load(s, i);
  }
  s->start_row = 0;
  return NULL;
}
