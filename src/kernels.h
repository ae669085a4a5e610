/* The table of kernels that each ISA fills. */
#ifndef GELU_FAST_KERNELS_H
#define GELU_FAST_KERNELS_H

#include <stddef.h>

enum gelu_fast_function {
#define UNARY(name, formula) FUNCTION_##name,
#define BACKWARD(name, derivative, formula) FUNCTION_##name,
#include "functions.def"
#undef UNARY
#undef BACKWARD
    FUNCTION_COUNT
};

/* DTYPE_f32_relaxed has float32 elements too, and the accuracy of gelu_fast.relaxed. */
enum gelu_fast_dtype {
    DTYPE_f16,
    DTYPE_bf16,
    DTYPE_f32,
    DTYPE_f32_relaxed,
    DTYPE_f64,
    DTYPE_COUNT
};

/* Computes n contiguous elements. x and out, and grad and out, may be the same array; grad is NULL
 * for a unary function. No alignment is needed beyond that of the element. */
typedef void gelu_fast_kernel(const void *grad, const void *x, void *out, size_t n);

/* Does that many rounds of fmas, and returns how many float32 fmas that were. */
typedef size_t gelu_fast_fma_loop(size_t rounds, float *result);

/* Two ways to store. `streaming` passes the caches by, which is for results that are larger than they
 * are; it wants `out` aligned to GELU_FAST_STREAMING_ALIGNMENT and out not to be x or grad, and is NULL
 * where the ISA has no such stores. */
typedef struct {
    gelu_fast_kernel *cached, *streaming;
} gelu_fast_kernel_pair;

enum { GELU_FAST_STREAMING_ALIGNMENT = 64 };

typedef struct {
    gelu_fast_kernel_pair kernels[FUNCTION_COUNT][DTYPE_COUNT];
    gelu_fast_fma_loop *run_fmas;
} gelu_fast_kernel_table;

#define ISA(name, features) extern const gelu_fast_kernel_table gelu_fast_kernels_##name;
#include "isa.def"
#undef ISA

#endif
