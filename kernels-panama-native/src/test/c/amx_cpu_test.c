/* What detection (cpu.c) makes of every answer that a CPU without AMX cannot give: CPUID's bits are invented, and Linux's
 * reply to the request for tile state comes from a seccomp filter, which also sees that it is that request and no other.
 * Invented XCR0 bits are out of reach of a process: that a grant is asked for only when they are set is left to reading. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned features; /* CPUID.7.0:EDX */
static int invented(unsigned leaf, unsigned sub, unsigned *a, unsigned *b, unsigned *c, unsigned *d) {
  *a = *b = *c = *d = 0;
  if (leaf == 7 && sub == 0) *d = features;
  return 1;
}
#define __get_cpuid_count invented
#include "../../main/c/src/cpu.c"

/* In a child whose arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) is answered `reply`; any other arch_prctl ends it. */
static int granted_if(int reply) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 158, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1023, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 18, 0, 2),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)reply),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  int status;
  pid_t child = fork();
  if (child == 0) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) _exit(2);
    _exit(amx_granted());
  }
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int wrong;
static void expect(const char *what, int right) {
  if (!right) printf("FAILED amx_cpu_test: %s\n", what), wrong = 1;
}

static int says(unsigned edx, const char *words) {
  features = edx;
  const char *missing = octavo_cpu_missing(OCTAVO_FEATURE_AMX, 0);
  return missing && strstr(missing, words);
}

int main(void) {
  const unsigned tile = 1u << 24, int8 = 1u << 25;
  expect("granted", granted_if(0) == 1);
  expect("ENOSPC: a thread's signal stack has no room for tiles", granted_if(ENOSPC) == 0);
  expect("EPERM: a sandbox", granted_if(EPERM) == 0);
  expect("EINVAL: a Linux before 5.16", granted_if(EINVAL) == 0);
  expect("EOPNOTSUPP: a Linux that knows AMX on a CPU that does not", granted_if(EOPNOTSUPP) == 0);
  expect("ENOSYS: a sandbox, or a very old Linux", granted_if(ENOSYS) == 0);
  expect("no AMX-TILE", says(int8, "AMX-TILE"));
  expect("no AMX-INT8", says(tile, "AMX-INT8"));
  if ((xcr0() & XCR0_AMX) != XCR0_AMX) expect("XCR0", says(tile | int8, "XCR0"));
  features = tile | int8;
  expect("forbidden", strcmp(octavo_cpu_missing(OCTAVO_FEATURE_AMX, OCTAVO_FEATURE_AMX), "forbidden by the caller") == 0);
  if (!wrong) printf("amx_cpu_test: every answer is understood\n");
  return wrong;
}
