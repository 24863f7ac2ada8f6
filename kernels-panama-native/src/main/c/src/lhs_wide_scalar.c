#define OCTAVO_LHS octavo_lhs_wide_scalar
#include "lhs_wide.inc"
