#include "floating_point_state.h"

#include <string.h>

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

#elif defined(__riscv)

uint64_t get_floating_point_state(void) {
    uint64_t state;
    __asm__ volatile("frcsr %0" : "=r"(state));
    return state;
}
void set_floating_point_state(uint64_t state) { __asm__ volatile("fscsr %0" : : "r"(state)); }

#elif defined(__s390x__)

uint64_t get_floating_point_state(void) {
    uint32_t state;
    __asm__ volatile("efpc %0" : "=d"(state));
    return state;
}
void set_floating_point_state(uint64_t state) {
    __asm__ volatile("sfpc %0" : : "d"((uint32_t)state));
}

#elif defined(__powerpc64__)

uint64_t get_floating_point_state(void) {
    double state;
    uint64_t bits;
    __asm__ volatile("mffs %0" : "=d"(state));
    memcpy(&bits, &state, sizeof bits);
    return bits & (ALL_FLAGS | TRAP_BITS | FLUSH_BITS | ROUNDING_BITS);
}
void set_floating_point_state(uint64_t state) {
    const uint64_t by_software = 1 << 10; /* VXSOFT; the invalid flag only summarizes such bits */
    const uint64_t bits = state >> INVALID_FLAG & 1 ? state | by_software : state;
    double number;
    memcpy(&number, &bits, sizeof number);
    __asm__ volatile("mtfsf 0xff, %0" : : "d"(number));
}

#endif
