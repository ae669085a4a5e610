/* What the CPU can run. */
#ifndef GELU_FAST_CPU_H
#define GELU_FAST_CPU_H

#include <stddef.h>

/* Groups of features that the CPU has and whose registers the operating system saves. */
enum gelu_fast_cpu_features {
    CPU_AVX2 = 1,   /* AVX2, FMA and F16C */
    CPU_AVX512 = 2, /* AVX-512 F, BW, DQ and VL */
    CPU_NEON = 4,
};

unsigned gelu_fast_cpu_features(void);

/* The size of the last-level cache in bytes; 32 MiB if the system does not say. */
size_t gelu_fast_last_level_cache(void);

#endif
