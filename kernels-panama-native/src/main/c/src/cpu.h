#ifndef OCTAVO_CPU_H
#define OCTAVO_CPU_H

#include <stdint.h>

/* NULL if this CPU *and* this operating system let the features run; otherwise the first thing that is missing. */
const char *octavo_cpu_missing(int32_t features, int64_t forbidden);

/* Whether vector units stand idle while others multiply, so that what is done to operands in registers costs nothing. */
int octavo_cpu_has_idle_units(void);

#endif
