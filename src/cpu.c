#include "cpu.h"

#include <stdatomic.h>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

#if defined(__x86_64__) || defined(_M_X64)

#ifdef _MSC_VER
#include <intrin.h>
static void cpuid(unsigned leaf, unsigned registers[4]) {
    __cpuidex((int *)registers, (int)leaf, 0);
}
static unsigned long long enabled_state(void) { return _xgetbv(0); }
#else
#include <cpuid.h>
static void cpuid(unsigned leaf, unsigned registers[4]) {
    __cpuid_count(leaf, 0, registers[0], registers[1], registers[2], registers[3]);
}
static unsigned long long enabled_state(void) {
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (unsigned long long)high << 32 | low;
}
#endif

/* Bits of Intel's Software Developer's Manual, volume 2, CPUID, and volume 1, chapter 13 (XCR0). */
enum { EBX = 1, ECX = 2 };
static const unsigned leaf1_fma = 1u << 12, leaf1_osxsave = 1u << 27, leaf1_avx = 1u << 28,
                      leaf1_f16c = 1u << 29;
static const unsigned leaf7_avx2 = 1u << 5, leaf7_avx512f = 1u << 16, leaf7_avx512dq = 1u << 17,
                      leaf7_avx512bw = 1u << 30, leaf7_avx512vl = 1u << 31;
static const unsigned long long xcr0_ymm = 0x06, xcr0_zmm = 0xe6;

unsigned gelu_fast_cpu_features(void) {
    unsigned leaf0[4], leaf1[4], leaf7[4], features = 0;
    cpuid(0, leaf0);
    if (leaf0[0] < 7)
        return 0;
    cpuid(1, leaf1);
    cpuid(7, leaf7);
    /* Some emulators report F16C or FMA with AVX off, so AVX and XCR0 are checked too. */
    const unsigned need1 = leaf1_fma | leaf1_osxsave | leaf1_avx | leaf1_f16c;
    if ((leaf1[ECX] & need1) != need1)
        return 0;
    const unsigned long long state = enabled_state();
    if ((leaf7[EBX] & leaf7_avx2) && (state & xcr0_ymm) == xcr0_ymm)
        features |= CPU_AVX2;
    const unsigned need7 = leaf7_avx512f | leaf7_avx512dq | leaf7_avx512bw | leaf7_avx512vl;
    if ((leaf7[EBX] & need7) == need7 && (state & xcr0_zmm) == xcr0_zmm)
        features |= CPU_AVX512;
    return features;
}

#elif defined(__aarch64__) && defined(__linux__)

#include <sys/auxv.h>

unsigned gelu_fast_cpu_features(void) {
    const unsigned long hwcap_asimd = 1ul << 1; /* Linux: Documentation/arch/arm64/elf_hwcaps.rst */
    return getauxval(AT_HWCAP) & hwcap_asimd ? CPU_NEON : 0;
}

#elif defined(__aarch64__) || defined(_M_ARM64)

unsigned gelu_fast_cpu_features(void) { return CPU_NEON; } /* macOS and Windows require it */

#else

unsigned gelu_fast_cpu_features(void) { return 0; }

#endif

size_t gelu_fast_last_level_cache(void) {
    /* Cached: glibc executes cpuid on each call, and a virtual machine traps it. */
    static atomic_size_t known;
    size_t size = atomic_load_explicit(&known, memory_order_relaxed);
    if (size == 0) {
        size = (size_t)32 << 20;
#ifdef _SC_LEVEL3_CACHE_SIZE
        const long answer = sysconf(_SC_LEVEL3_CACHE_SIZE);
        size = answer > 0 ? (size_t)answer : size;
#endif
        atomic_store_explicit(&known, size, memory_order_relaxed);
    }
    return size;
}
