/* Kernels run in the default floating-point environment (round to nearest, subnormal numbers kept, no
 * traps), whatever the host process has set, and leave the host's environment as they found it. */
#ifndef GELU_FAST_FLOATING_POINT_H
#define GELU_FAST_FLOATING_POINT_H

/* FLOATING_POINT_ERRORS: the exceptions reported to the caller. Every kernel raises the others. */

#if defined(__x86_64__) || defined(_M_X64)

#include <xmmintrin.h>

/* MXCSR's bits. MSVC numbers its FE_* differently. */
enum { FLOATING_POINT_ERRORS = _MM_EXCEPT_INVALID | _MM_EXCEPT_OVERFLOW };

typedef unsigned floating_point_state;

static inline floating_point_state floating_point_begin(void) {
    const unsigned saved = _mm_getcsr();
    _mm_setcsr(
        0x1f80); /* the value after reset: all exceptions masked, no flag, no flush to zero */
    return saved;
}
/* Restores the state; returns the FLOATING_POINT_ERRORS raised since floating_point_begin. */
static inline int floating_point_end(floating_point_state saved) {
    const int errors = (int)_mm_getcsr() & FLOATING_POINT_ERRORS;
    _mm_setcsr(saved);
    return errors;
}
static inline void floating_point_raise(int errors) { _mm_setcsr(_mm_getcsr() | (unsigned)errors); }

#elif defined(__aarch64__)

#include <fenv.h>
#include <stdint.h>

enum { FLOATING_POINT_ERRORS = FE_INVALID | FE_OVERFLOW }; /* FPSR's bits too */

typedef struct {
    uint64_t control, status;
} floating_point_state;

static inline floating_point_state floating_point_begin(void) {
    floating_point_state saved;
    __asm__ volatile("mrs %0, fpcr" : "=r"(saved.control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(saved.status));
    __asm__ volatile("msr fpcr, %0" : : "r"(UINT64_C(0)));
    __asm__ volatile("msr fpsr, %0" : : "r"(UINT64_C(0)));
    return saved;
}
static inline int floating_point_end(floating_point_state saved) {
    uint64_t status;
    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    __asm__ volatile("msr fpcr, %0" : : "r"(saved.control));
    __asm__ volatile("msr fpsr, %0" : : "r"(saved.status));
    return (int)status & FLOATING_POINT_ERRORS;
}
static inline void floating_point_raise(int errors) {
    uint64_t status;
    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    __asm__ volatile("msr fpsr, %0" : : "r"(status | (uint64_t)errors));
}

#else

#include <fenv.h>

enum { FLOATING_POINT_ERRORS = FE_INVALID | FE_OVERFLOW };

typedef fenv_t floating_point_state;

static inline floating_point_state floating_point_begin(void) {
    fenv_t saved;
    fegetenv(&saved);
    fesetenv(FE_DFL_ENV);
    return saved;
}
static inline int floating_point_end(floating_point_state saved) {
    const int errors = fetestexcept(FLOATING_POINT_ERRORS);
    fesetenv(&saved);
    return errors;
}
/* feraiseexcept may trap, and may raise inexact along with overflow; this sets just the flags. */
static inline void floating_point_raise(int errors) {
    fenv_t saved;
    fexcept_t flags;
    feholdexcept(&saved);
    feraiseexcept(errors);
    fegetexceptflag(&flags, errors);
    fesetenv(&saved);
    fesetexceptflag(&flags, errors);
}

#endif

#endif
