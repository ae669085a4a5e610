/* The table of kernels that each ISA fills. */
#ifndef GELU_FAST_KERNELS_H
#define GELU_FAST_KERNELS_H

#include "dtypes.def"

#include <float.h>
#include <stddef.h>
#include <stdint.h>

/* setup.py and CMakeLists.txt overrule most of these flags. GCC defines a macro for each flag that breaks
 * a promise, other compilers for the common ones. clang may report a contraction that it does not do. */
#if __FAST_MATH__ || __FINITE_MATH_ONLY__ || _M_FP_FAST || (_M_FP_CONTRACT && !__clang__) ||       \
    (defined(__GCC_IEC_559) && __GCC_IEC_559 < 1)
#error "gelu_fast needs IEEE 754: no -ffast-math, -Ofast, -fsingle-precision-constant, /fp:fast"
#elif FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD == 2
#error "gelu_fast needs results that are rounded to float and double: -msse2 -mfpmath=sse"
#endif

/* The numbers of gelu_fast.h, which tests/c holds them to. */
enum {
#define FUNCTION(number, name, ...) FUNCTION_##name = number,
#include "functions.def"
#define FUNCTION(...) +1
    FUNCTION_COUNT = 0
#include "functions.def"
};

enum {
#define DTYPE(id, ...) DTYPE_##id,
    GELU_FAST_DTYPES(DTYPE, ) DTYPE_COUNT
#undef DTYPE
};

/* A tier trades accuracy for speed or speed for accuracy, by mathematics of its own for float32. Its 16-bit
 * kernels are the default's, and so are relaxed's float64 kernels; correctly_rounded has none. */
enum { TIER_default, TIER_relaxed, TIER_correctly_rounded, TIER_COUNT };

/* For columns of functions.def that are 0 or 1, and those that list operands. */
#define GELU_FAST_IF_0(...)
#define GELU_FAST_IF_1(...) __VA_ARGS__
#define GELU_FAST_COUNT(...) GELU_FAST_FOURTH(__VA_ARGS__, 3, 2, 1, )
#define GELU_FAST_FOURTH(a, b, c, fourth, ...) fourth

enum { GELU_FAST_OPERAND_LIMIT = 5, GELU_FAST_PREFETCH_BYTES = 4096 };

/* Computes n contiguous elements. `operands` are the inputs, then the outputs; an output may be an input.
 * Pointers are aligned to the element. With each element of operand k, the address ahead[k] bytes further
 * is prefetched; nothing need be there. If `streams`, every output is aligned to GELU_FAST_STREAMING_ALIGNMENT and
 * none is an input, and the stores bypass the caches, on ISAs that have such stores. */
typedef void gelu_fast_kernel(char *const operands[], const ptrdiff_t ahead[], size_t n,
                              int streams);

enum { GELU_FAST_STREAMING_ALIGNMENT = 64 };

/* The distance to prefetch within a row. */
#define GELU_FAST_AHEAD                                                                            \
    ((const ptrdiff_t[GELU_FAST_OPERAND_LIMIT]){                                                   \
        GELU_FAST_PREFETCH_BYTES, GELU_FAST_PREFETCH_BYTES, GELU_FAST_PREFETCH_BYTES,              \
        GELU_FAST_PREFETCH_BYTES, GELU_FAST_PREFETCH_BYTES})

/* out = table[x] for n bytes; the table has 256. x and out may be the same array. */
typedef void gelu_fast_look_up_kernel(const uint8_t *table, const uint8_t *x, uint8_t *out,
                                      size_t n);

/* Does `rounds` rounds of fmas, each with one division if `divides`, and returns the number of float32 fmas. */
typedef size_t gelu_fast_fma_loop(size_t rounds, int divides, float *result);

typedef struct {
    /* NULL if the tier lacks the function. */
    gelu_fast_kernel *kernels[TIER_COUNT][FUNCTION_COUNT][DTYPE_COUNT];
    gelu_fast_look_up_kernel *look_up;
    gelu_fast_fma_loop *run_fmas;
} gelu_fast_kernel_table;

#define ISA(name, features) extern const gelu_fast_kernel_table gelu_fast_kernels_##name;
#include "isa.def"
#undef ISA

#endif
