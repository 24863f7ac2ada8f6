#define OCTAVO_LHS octavo_lhs_bytes_avx2
#include "lhs_bytes.inc"
