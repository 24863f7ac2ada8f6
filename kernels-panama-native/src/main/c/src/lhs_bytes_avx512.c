#define OCTAVO_LHS octavo_lhs_bytes_avx512
#include "lhs_bytes.inc"
