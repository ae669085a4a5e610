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

enum gelu_fast_dtype { DTYPE_f16, DTYPE_bf16, DTYPE_f32, DTYPE_f64, DTYPE_COUNT };

/* Computes n contiguous elements. x and out, and grad and out, may be the same array; grad is NULL
 * for a unary function. No alignment is needed beyond that of the element. */
typedef void gelu_fast_kernel(const void *grad, const void *x, void *out, size_t n);

typedef gelu_fast_kernel *gelu_fast_kernel_table[FUNCTION_COUNT][DTYPE_COUNT];

#define ISA(name, features) extern const gelu_fast_kernel_table gelu_fast_kernels_##name;
#include "isa.def"
#undef ISA

#endif
