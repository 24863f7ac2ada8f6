/* AMX where there is none: runs a program's real AMX machine code on a CPU without it.
 *
 * Such a CPU raises #UD at every AMX instruction, which Linux reports as SIGILL. Preloaded (LD_PRELOAD), this library meets
 * that signal, decodes the instruction where it stands, does in plain C what it would have done to the thread's tiles and to
 * memory (amx.c), and goes on behind it. Everything else in the program runs as it is.
 *
 * What that proves of liboctavo.so's native-amx: its instructions, as the compiler laid them out and as users will run them, are
 * encoded as AMX; they configure tiles before they use them, with configurations that a processor takes; no product meets tiles
 * whose shapes do not fit; loads and stores stay inside of their operands (the tests put pages behind them that nobody may
 * touch); no thread relies on tiles of another; and what comes out is right to the bit. Whatever a processor would answer with
 * a fault ends the process here, with the reason on stderr.
 * What it cannot prove: speed; that an operating system grants and switches the tiles' state; and errors of processors, or of
 * the manual's text as it was understood here (amx_test.c compares with the assembler and with the formula, and that is all).
 *
 * A JVM wants SIGILL for itself. So sigaction() and signal() are taken over for that one signal: they remember whose turn it is
 * when the instruction is not AMX, as libjsig does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "amx.h"

/* Seen by cpu_trap.c: AMX can be used. */
extern const char octavo_amx_trap[];
const char octavo_amx_trap[] = "AMX instructions are trapped";

static __thread struct amx_state state __attribute__((tls_model("initial-exec")));
static struct sigaction next;
static long executed;

static int real_sigaction(int signal, const struct sigaction *new, struct sigaction *old) {
  static int (*real)(int, const struct sigaction *, struct sigaction *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "sigaction");
  return real(signal, new, old);
}

int sigaction(int signal, const struct sigaction *new, struct sigaction *old) {
  if (signal != SIGILL) return real_sigaction(signal, new, old);
  if (old) *old = next;
  if (new) next = *new;
  return 0;
}

sighandler_t signal(int signal, sighandler_t handler) {
  struct sigaction new = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
  return sigaction(signal, &new, &old) == 0 ? old.sa_handler : SIG_ERR;
}

static void refuse(const char *why, const uint8_t *code) {
  char text[256];
  int length = snprintf(text, sizeof text, "amx trap: %s: at %p: %02x %02x %02x %02x %02x %02x\n", why, (const void *)code,
                        code[0], code[1], code[2], code[3], code[4], code[5]);
  if (write(2, text, (size_t)length) < 0) _exit(134);
  abort();
}

static void chain(int signal, siginfo_t *info, void *context) {
  if (next.sa_flags & SA_SIGINFO) {
    sigprocmask(SIG_BLOCK, &next.sa_mask, NULL); /* until this handler returns */
    next.sa_sigaction(signal, info, context);
  } else if (next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN) {
    sigprocmask(SIG_BLOCK, &next.sa_mask, NULL);
    next.sa_handler(signal);
  } else {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    real_sigaction(SIGILL, &standard, NULL); /* the instruction is executed again, and ends the process */
  }
}

static void on_illegal(int signal, siginfo_t *info, void *context) {
  static const int places[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                 REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  greg_t *machine = ((ucontext_t *)context)->uc_mcontext.gregs;
  uint64_t registers[16];
  for (int i = 0; i < 16; i++) registers[i] = (uint64_t)machine[places[i]];
  long count = 0;
  for (;; count++) { /* AMX instructions like to stand in a row */
    struct amx_instruction instruction;
    const uint8_t *code = (const uint8_t *)machine[REG_RIP];
    const char *why = amx_decode(code, registers, (uint64_t)machine[REG_RIP], &instruction);
    if (instruction.op == AMX_NONE) break;
    if (!why) why = amx_execute(&state, &instruction);
    if (why) refuse(why, code);
    machine[REG_RIP] += instruction.length;
  }
  if (count == 0) chain(signal, info, context);
  __atomic_fetch_add(&executed, count, __ATOMIC_RELAXED);
}

__attribute__((constructor)) static void begin(void) {
  struct sigaction ours = {.sa_sigaction = on_illegal, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
  real_sigaction(SIGILL, &ours, &next);
}

__attribute__((destructor)) static void end(void) {
  if (executed > 0) fprintf(stderr, "amx trap: %ld AMX instructions were executed in C\n", executed);
}
