/* What the checks go through: every dtype, and what the relaxed tier computes in its own way. */
#ifndef KINDS_H
#define KINDS_H

#include "dispatch.h"
#include "loops.h"

enum { KIND_f16, KIND_bf16, KIND_f32, KIND_f32_relaxed, KIND_f64, KIND_COUNT };

static inline int dtype_of(int kind) {
    static const int dtypes[] = {DTYPE_f16, DTYPE_bf16, DTYPE_f32, DTYPE_f32, DTYPE_f64};
    return dtypes[kind];
}

static inline int tier_of(int kind) {
    return kind == KIND_f32_relaxed ? TIER_relaxed : TIER_default;
}

/* NULL where there is none. */
static inline gelu_fast_kernel *find_kernel(int function, int kind) {
    return gelu_fast_find_kernel(function, dtype_of(kind), tier_of(kind));
}

static inline void *loop_of(int function, int kind) {
    return (void *)&gelu_fast_loops[tier_of(kind)][function][dtype_of(kind)];
}

#endif
