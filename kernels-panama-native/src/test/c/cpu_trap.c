/* cpu.c for a process in which amx_trap.c is preloaded: AMX is there, whatever CPUID, XCR0 and the system say. Linked in the
 * place of cpu.o with the other object files of the library (make trap-library); the library itself knows nothing of this. */
#define octavo_cpu_missing missing_besides
#include "../../main/c/src/cpu.c"
#undef octavo_cpu_missing

extern const char octavo_amx_trap[] __attribute__((weak, visibility("default")));

const char *octavo_cpu_missing(int32_t features, int64_t forbidden);
const char *octavo_cpu_missing(int32_t features, int64_t forbidden) {
  if (features & forbidden) return "forbidden by the caller";
  if (!(features & OCTAVO_FEATURE_AMX)) return "not under test here: this library is for native-amx under the trap";
  if (!octavo_amx_trap) return "nothing traps AMX instructions: preload libamxtrap.so";
  return missing_besides(features & ~OCTAVO_FEATURE_AMX, forbidden);
}
