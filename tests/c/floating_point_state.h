/* The calling thread's floating-point state, control and flags, as one number:
 *   x86       MXCSR; from bit 32 on the x87 status word, from bit 48 on the x87 control word,
 *   AArch64   FPCR; from bit 32 on FPSR,
 *   RISC-V    fcsr,
 *   s390x     fpc,
 *   POWER     FPSCR, without the kinds of invalid operation and the class of the last result. */
#ifndef FLOATING_POINT_STATE_H
#define FLOATING_POINT_STATE_H

#include <stdint.h>

uint64_t get_floating_point_state(void);
/* Sets everything but the x87 status word, which is cleared. */
void set_floating_point_state(uint64_t state);

#if defined(__x86_64__)
enum { INVALID_FLAG = 0, OVERFLOW_FLAG = 3 }; /* the bits' positions */
#define ROUNDING_BITS (UINT64_C(3) << 13)
#define FLUSH_BITS (UINT64_C(1) << 15 | UINT64_C(1) << 6) /* FTZ: results; DAZ: operands */
#define ALL_FLAGS UINT64_C(0x3f)
#define MASK_BITS (UINT64_C(0x3f) << 7 | UINT64_C(0x3f) << 48) /* 0 lets an exception trap */
#define TRAP_BITS UINT64_C(0)
#elif defined(__aarch64__)
enum { INVALID_FLAG = 32, OVERFLOW_FLAG = 34 };
#define ROUNDING_BITS (UINT64_C(3) << 22)
#define FLUSH_BITS (UINT64_C(1) << 24 | UINT64_C(1) << 25) /* FZ; DN: one NaN for all */
#define ALL_FLAGS (UINT64_C(0x800009f) << 32)
#define MASK_BITS UINT64_C(0)
#define TRAP_BITS UINT64_C(0x9f00) /* 1 lets an exception trap, on cores that can */
#elif defined(__riscv)
enum { INVALID_FLAG = 4, OVERFLOW_FLAG = 2 };
#define ROUNDING_BITS (UINT64_C(3) << 5)
#define FLUSH_BITS UINT64_C(0)
#define ALL_FLAGS UINT64_C(0x1f)
#define MASK_BITS UINT64_C(0)
#define TRAP_BITS UINT64_C(0)
#elif defined(__s390x__)
enum { INVALID_FLAG = 23, OVERFLOW_FLAG = 21 };
#define ROUNDING_BITS UINT64_C(3)
#define FLUSH_BITS UINT64_C(0)
#define ALL_FLAGS UINT64_C(0xf80000)
#define MASK_BITS UINT64_C(0)
#define TRAP_BITS UINT64_C(0xf8000000)
#elif defined(__powerpc64__)
enum { INVALID_FLAG = 29, OVERFLOW_FLAG = 28 };
#define ROUNDING_BITS UINT64_C(3)
#define FLUSH_BITS UINT64_C(4)
#define ALL_FLAGS UINT64_C(0x3e000000)
#define MASK_BITS UINT64_C(0)
#define TRAP_BITS                                                                                  \
    UINT64_C(0x38) /* not overflow and invalid, which trap where their flags are set */
#endif

#endif
