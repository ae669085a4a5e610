#include "floating_point_state.h"

#if defined(__x86_64__)

#include <xmmintrin.h>

uint64_t get_floating_point_state(void) {
    uint16_t status, control;
    __asm__ volatile("fnstsw %0" : "=m"(status));
    __asm__ volatile("fnstcw %0" : "=m"(control));
    return _mm_getcsr() | (uint64_t)status << 32 | (uint64_t)control << 48;
}
void set_floating_point_state(uint64_t state) {
    const uint16_t control = (uint16_t)(state >> 48);
    __asm__ volatile("fnclex");
    __asm__ volatile("fldcw %0" : : "m"(control));
    _mm_setcsr((unsigned)state);
}

#elif defined(__aarch64__)

uint64_t get_floating_point_state(void) {
    uint64_t control, status;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    return control | status << 32;
}
void set_floating_point_state(uint64_t state) {
    __asm__ volatile("msr fpcr, %0" : : "r"(state & UINT32_MAX));
    __asm__ volatile("msr fpsr, %0" : : "r"(state >> 32));
}

#endif
