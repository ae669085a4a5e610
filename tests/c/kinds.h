/* The kinds that the checks cover: every dtype, and the tiers' own float32. */
#ifndef KINDS_H
#define KINDS_H

#include "dispatch.h"
#include "loops.h"

#include <math.h>
#include <string.h>

enum {
    KIND_f16,
    KIND_bf16,
    KIND_f32,
    KIND_f32_relaxed,
    KIND_f64,
    KIND_f32_correctly_rounded,
    KIND_COUNT
};

static inline int dtype_of(int kind) {
    static const int dtypes[] = {DTYPE_f16, DTYPE_bf16, DTYPE_f32, DTYPE_f32, DTYPE_f64, DTYPE_f32};
    return dtypes[kind];
}

static inline int tier_of(int kind) {
    return kind == KIND_f32_relaxed             ? TIER_relaxed
           : kind == KIND_f32_correctly_rounded ? TIER_correctly_rounded
                                                : TIER_default;
}

/* Without a hardware fma the baseline has bits of its own, but for what is correctly rounded. */
static inline int promises_bits(const char *isa, int kind) {
#if defined(FP_FAST_FMA) && defined(FP_FAST_FMAF)
    (void)isa, (void)kind;
    return 1;
#else
    return strcmp(isa, "baseline") != 0 || kind == KIND_f32_correctly_rounded;
#endif
}

/* NULL if there is none. */
static inline gelu_fast_kernel *find_kernel(int function, int kind) {
    return gelu_fast_find_kernel(function, dtype_of(kind), tier_of(kind));
}

static inline void *loop_of(int function, int kind) {
    return (void *)&gelu_fast_loops[tier_of(kind)][function][dtype_of(kind)];
}

#endif
