/* GELU on CPUs: the C interface of gelu_fast, for C99 and C++.
 *
 *     gelu_fast_gelu_f32(n, x, y);                          y[i] = x[i] * Phi(x[i]), for n elements
 *     gelu_fast_gelu_tanh_backward_f64(n, grad, x, y);
 *
 * The names end in the dtype: f16 and bf16 (uint16_t, the bits of an IEEE 754 binary16, or the upper half of
 * a binary32), f32 (float), f64 (double); f32_relaxed is the float32 of gelu_fast.relaxed, and
 * f32_correctly_rounded that of gelu_fast.correctly_rounded. They are inline functions around the one call that computes, gelu_fast_compute, which takes rows too, sliced
 * or repeated as a bias is.
 *
 * An output may be an input, with the same pointer and steps. Otherwise an output overlaps neither an input
 * nor another output, nor itself. Pointers need no alignment beyond that of their elements.
 *
 * Every function may be called from any thread. Large arrays are shared among OpenMP threads. Results have
 * the same bits whatever the ISA, the number of threads and the steps, but for the sign and the payload of a
 * NaN. The floating-point environment does not change them and is left as it was; functions whose name
 * ends in _backward may raise overflow and invalid, no other does. docs/accuracy.md has the error bounds.
 *
 * docs/c.md tells how to build, link and bind the library, and what may change between versions. */
#ifndef GELU_FAST_H
#define GELU_FAST_H

#include <stddef.h>
#include <stdint.h>

#if !defined(GELU_FAST_SHARED)
#define GELU_FAST_API
#elif defined(_WIN32)
#define GELU_FAST_API __declspec(dllexport)
#else
#define GELU_FAST_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define GELU_FAST_VERSION_MAJOR 0
#define GELU_FAST_VERSION_MINOR 1
#define GELU_FAST_VERSION_MICRO 0
#define GELU_FAST_VERSION "0.1.0"

/* The version of the library that runs, as GELU_FAST_VERSION is that of this header. */
GELU_FAST_API const char *gelu_fast_version(void);

/* ---- Computing ---- */

/* These numbers never change; new ones come at the end. */
enum gelu_fast_dtype {
    GELU_FAST_F16 = 0,
    GELU_FAST_BF16 = 1,
    GELU_FAST_F32 = 2,
    GELU_FAST_F64 = 3,
};

enum gelu_fast_tier {
    GELU_FAST_DEFAULT = 0,
    GELU_FAST_RELAXED = 1,           /* value, bias and GEGLU of each form; only f32 differs */
    GELU_FAST_CORRECTLY_ROUNDED = 2, /* the value of each form; no f64 */
};

enum gelu_fast_function {
    GELU_FAST_GELU = 0,
    GELU_FAST_GELU_GRAD = 1,
    GELU_FAST_GELU_BACKWARD = 2,
    GELU_FAST_GELU_GRAD2 = 3,
    GELU_FAST_GELU_DOUBLE_BACKWARD = 4,
    GELU_FAST_BIAS_GELU = 5,
    GELU_FAST_BIAS_GELU_BACKWARD = 6,
    GELU_FAST_GEGLU = 7,
    GELU_FAST_GEGLU_BACKWARD = 8,
    GELU_FAST_GELU_VALUE_AND_GRAD = 9,
    GELU_FAST_GELU_TANH = 10,
    GELU_FAST_GELU_TANH_GRAD = 11,
    GELU_FAST_GELU_TANH_BACKWARD = 12,
    GELU_FAST_GELU_TANH_GRAD2 = 13,
    GELU_FAST_GELU_TANH_DOUBLE_BACKWARD = 14,
    GELU_FAST_BIAS_GELU_TANH = 15,
    GELU_FAST_BIAS_GELU_TANH_BACKWARD = 16,
    GELU_FAST_GEGLU_TANH = 17,
    GELU_FAST_GEGLU_TANH_BACKWARD = 18,
    GELU_FAST_GELU_TANH_VALUE_AND_GRAD = 19,
    GELU_FAST_GELU_QUICK = 20,
    GELU_FAST_GELU_QUICK_GRAD = 21,
    GELU_FAST_GELU_QUICK_BACKWARD = 22,
    GELU_FAST_GELU_QUICK_GRAD2 = 23,
    GELU_FAST_GELU_QUICK_DOUBLE_BACKWARD = 24,
    GELU_FAST_BIAS_GELU_QUICK = 25,
    GELU_FAST_BIAS_GELU_QUICK_BACKWARD = 26,
    GELU_FAST_GEGLU_QUICK = 27,
    GELU_FAST_GEGLU_QUICK_BACKWARD = 28,
    GELU_FAST_GELU_QUICK_VALUE_AND_GRAD = 29,
};

/* The element of row r and column c is at data[r * row_step + c * step]. Steps count elements and may be
 * negative. A row_step of 0 repeats a row, as of a bias, and a step of 0 a number. */
typedef struct gelu_fast_operand {
    const void *data; /* written to, where it is an output */
    ptrdiff_t row_step, step;
} gelu_fast_operand;

/* Computes rows x columns elements of a function; the operands are its inputs, then its outputs. Returns 0, or
 * -1 if there is no such function, dtype or tier, or the tier lacks the function or dtype: then nothing is written. With
 * 0 rows or columns nothing is read, and the operands may be NULL. */
GELU_FAST_API int gelu_fast_compute(int function, int dtype, int tier, size_t rows, size_t columns,
                                    const gelu_fast_operand *operands);

/* The number of the function with this name, such as "gelu_tanh_backward"; -1 if there is none. */
GELU_FAST_API int gelu_fast_find_function(const char *name);

/* ---- Threads and kernels ---- */

enum { GELU_FAST_MOST_THREADS = 1024 };

/* How many threads a large call made now by this thread would use. */
GELU_FAST_API int gelu_fast_get_num_threads(void);

/* The number for all threads of the process, 1 to GELU_FAST_MOST_THREADS; 0 goes back to the default:
 * OMP_NUM_THREADS, else what CPU affinity (of bound threads, their places) and the container's CPU quota
 * leave. Returns 0, or -1 if the number is out of range, and then changes nothing. */
GELU_FAST_API int gelu_fast_set_num_threads(int count);

/* The number for calls made by this thread, before any other; 0 for none. Returns the last, or -1 if the
 * number is out of range, and then changes nothing. */
GELU_FAST_API int gelu_fast_set_thread_local_num_threads(int count);

/* The ISA whose kernels are in use: "avx512", "avx2", "neon" or "baseline". At first the best available,
 * or the one that the environment variable GELU_FAST_ISA names, if it is available. */
GELU_FAST_API const char *gelu_fast_isa(void);

/* The name of the ISA number i, from 0, among those that this build has and this CPU runs, the best
 * first; NULL after the last. */
GELU_FAST_API const char *gelu_fast_available_isa(int i);

/* Makes `name` the ISA in use, for all threads. Returns 0, or -1 if it is not available. */
GELU_FAST_API int gelu_fast_set_isa(const char *name);

/* clang-format off */
/* ---- Typed names, for n contiguous elements ---- */

#define GELU_FAST_OPERAND(data) {data, 0, 1}
#define GELU_FAST_BODY(number, dtype, tier, ...)                                                   \
    {                                                                                              \
        const gelu_fast_operand operands[] = {__VA_ARGS__};                                        \
        gelu_fast_compute(number, dtype, tier, 1, n, operands);                                    \
    }
#define GELU_FAST_TYPED_1_1(name, number, dtype, tier, T)                                          \
    static inline void name(size_t n, const T *a, T *y)                                            \
        GELU_FAST_BODY(number, dtype, tier, GELU_FAST_OPERAND(a), GELU_FAST_OPERAND(y))
#define GELU_FAST_TYPED_1_2(name, number, dtype, tier, T)                                          \
    static inline void name(size_t n, const T *a, T *y, T *z)                                      \
        GELU_FAST_BODY(number, dtype, tier, GELU_FAST_OPERAND(a), GELU_FAST_OPERAND(y), GELU_FAST_OPERAND(z))
#define GELU_FAST_TYPED_2_1(name, number, dtype, tier, T)                                          \
    static inline void name(size_t n, const T *a, const T *b, T *y)                                \
        GELU_FAST_BODY(number, dtype, tier, GELU_FAST_OPERAND(a), GELU_FAST_OPERAND(b), GELU_FAST_OPERAND(y))
#define GELU_FAST_TYPED_3_1(name, number, dtype, tier, T)                                          \
    static inline void name(size_t n, const T *a, const T *b, const T *c, T *y)                    \
        GELU_FAST_BODY(number, dtype, tier, GELU_FAST_OPERAND(a), GELU_FAST_OPERAND(b), GELU_FAST_OPERAND(c), GELU_FAST_OPERAND(y))
#define GELU_FAST_TYPED_3_2(name, number, dtype, tier, T)                                          \
    static inline void name(size_t n, const T *a, const T *b, const T *c, T *y, T *z)              \
        GELU_FAST_BODY(number, dtype, tier, GELU_FAST_OPERAND(a), GELU_FAST_OPERAND(b), GELU_FAST_OPERAND(c), GELU_FAST_OPERAND(y), GELU_FAST_OPERAND(z))

#define GELU_FAST_TYPED(operands, name, number)                                                    \
    GELU_FAST_TYPED_##operands(name##_f16, number, GELU_FAST_F16, GELU_FAST_DEFAULT, uint16_t)     \
    GELU_FAST_TYPED_##operands(name##_bf16, number, GELU_FAST_BF16, GELU_FAST_DEFAULT, uint16_t)   \
    GELU_FAST_TYPED_##operands(name##_f32, number, GELU_FAST_F32, GELU_FAST_DEFAULT, float)        \
    GELU_FAST_TYPED_##operands(name##_f64, number, GELU_FAST_F64, GELU_FAST_DEFAULT, double)
#define GELU_FAST_RELAXED_TYPED(operands, name, number)                                            \
    GELU_FAST_TYPED(operands, name, number)                                                        \
    GELU_FAST_TYPED_##operands(name##_f32_relaxed, number, GELU_FAST_F32, GELU_FAST_RELAXED, float)
#define GELU_FAST_DERIVATIVE_TYPED(name, number)                                                   \
    GELU_FAST_TYPED(1_1, name, number)                                                             \
    GELU_FAST_CORRECTLY_ROUNDED_TYPED(name, number)
#define GELU_FAST_VALUE_TYPED(name, number)                                                        \
    GELU_FAST_RELAXED_TYPED(1_1, name, number)                                                     \
    GELU_FAST_CORRECTLY_ROUNDED_TYPED(name, number)
#define GELU_FAST_CORRECTLY_ROUNDED_TYPED(name, number)                                            \
    GELU_FAST_TYPED_1_1(name##_f32_correctly_rounded, number, GELU_FAST_F32, GELU_FAST_CORRECTLY_ROUNDED, float)

/* How many inputs and outputs, and in the comment their order:
 * gelu_fast_geglu_backward_f32(n, grad, gate, up, dgate, dup). */
GELU_FAST_VALUE_TYPED(gelu_fast_gelu, GELU_FAST_GELU) /* x, y */
GELU_FAST_DERIVATIVE_TYPED(gelu_fast_gelu_grad, GELU_FAST_GELU_GRAD) /* x, y */
GELU_FAST_TYPED(2_1, gelu_fast_gelu_backward, GELU_FAST_GELU_BACKWARD) /* grad, x, y */
GELU_FAST_TYPED(1_1, gelu_fast_gelu_grad2, GELU_FAST_GELU_GRAD2) /* x, y */
GELU_FAST_TYPED(3_1, gelu_fast_gelu_double_backward, GELU_FAST_GELU_DOUBLE_BACKWARD) /* grad_grad, grad, x, y */
GELU_FAST_RELAXED_TYPED(2_1, gelu_fast_bias_gelu, GELU_FAST_BIAS_GELU) /* x, bias, y */
GELU_FAST_TYPED(3_1, gelu_fast_bias_gelu_backward, GELU_FAST_BIAS_GELU_BACKWARD) /* grad, x, bias, y */
GELU_FAST_RELAXED_TYPED(2_1, gelu_fast_geglu, GELU_FAST_GEGLU) /* gate, up, y */
GELU_FAST_TYPED(3_2, gelu_fast_geglu_backward, GELU_FAST_GEGLU_BACKWARD) /* grad, gate, up, dgate, dup */
GELU_FAST_TYPED(1_2, gelu_fast_gelu_value_and_grad, GELU_FAST_GELU_VALUE_AND_GRAD) /* x, value, grad */
GELU_FAST_VALUE_TYPED(gelu_fast_gelu_tanh, GELU_FAST_GELU_TANH) /* x, y */
GELU_FAST_DERIVATIVE_TYPED(gelu_fast_gelu_tanh_grad, GELU_FAST_GELU_TANH_GRAD) /* x, y */
GELU_FAST_TYPED(2_1, gelu_fast_gelu_tanh_backward, GELU_FAST_GELU_TANH_BACKWARD) /* grad, x, y */
GELU_FAST_TYPED(1_1, gelu_fast_gelu_tanh_grad2, GELU_FAST_GELU_TANH_GRAD2) /* x, y */
GELU_FAST_TYPED(3_1, gelu_fast_gelu_tanh_double_backward, GELU_FAST_GELU_TANH_DOUBLE_BACKWARD) /* grad_grad, grad, x, y */
GELU_FAST_RELAXED_TYPED(2_1, gelu_fast_bias_gelu_tanh, GELU_FAST_BIAS_GELU_TANH) /* x, bias, y */
GELU_FAST_TYPED(3_1, gelu_fast_bias_gelu_tanh_backward, GELU_FAST_BIAS_GELU_TANH_BACKWARD) /* grad, x, bias, y */
GELU_FAST_RELAXED_TYPED(2_1, gelu_fast_geglu_tanh, GELU_FAST_GEGLU_TANH) /* gate, up, y */
GELU_FAST_TYPED(3_2, gelu_fast_geglu_tanh_backward, GELU_FAST_GEGLU_TANH_BACKWARD) /* grad, gate, up, dgate, dup */
GELU_FAST_TYPED(1_2, gelu_fast_gelu_tanh_value_and_grad, GELU_FAST_GELU_TANH_VALUE_AND_GRAD) /* x, value, grad */
GELU_FAST_VALUE_TYPED(gelu_fast_gelu_quick, GELU_FAST_GELU_QUICK) /* x, y */
GELU_FAST_DERIVATIVE_TYPED(gelu_fast_gelu_quick_grad, GELU_FAST_GELU_QUICK_GRAD) /* x, y */
GELU_FAST_TYPED(2_1, gelu_fast_gelu_quick_backward, GELU_FAST_GELU_QUICK_BACKWARD) /* grad, x, y */
GELU_FAST_TYPED(1_1, gelu_fast_gelu_quick_grad2, GELU_FAST_GELU_QUICK_GRAD2) /* x, y */
GELU_FAST_TYPED(3_1, gelu_fast_gelu_quick_double_backward, GELU_FAST_GELU_QUICK_DOUBLE_BACKWARD) /* grad_grad, grad, x, y */
GELU_FAST_RELAXED_TYPED(2_1, gelu_fast_bias_gelu_quick, GELU_FAST_BIAS_GELU_QUICK) /* x, bias, y */
GELU_FAST_TYPED(3_1, gelu_fast_bias_gelu_quick_backward, GELU_FAST_BIAS_GELU_QUICK_BACKWARD) /* grad, x, bias, y */
GELU_FAST_RELAXED_TYPED(2_1, gelu_fast_geglu_quick, GELU_FAST_GEGLU_QUICK) /* gate, up, y */
GELU_FAST_TYPED(3_2, gelu_fast_geglu_quick_backward, GELU_FAST_GEGLU_QUICK_BACKWARD) /* grad, gate, up, dgate, dup */
GELU_FAST_TYPED(1_2, gelu_fast_gelu_quick_value_and_grad, GELU_FAST_GELU_QUICK_VALUE_AND_GRAD) /* x, value, grad */
/* clang-format on */

#ifdef __cplusplus
}
#endif

#endif
