#define OCTAVO_LHS octavo_lhs_wide_scalar
#define OCTAVO_LHS_PAIRS NULL
#include "lhs_wide.inc"
