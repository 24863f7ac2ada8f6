#define OCTAVO_LHS octavo_lhs_wide_avx2
#include "lhs_wide.inc"
