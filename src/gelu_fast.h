/* GELU on CPUs: the C interface of gelu_fast. C99 and C++.
 *
 * gelu_fast_FUNCTION_DTYPE(n, inputs, outputs) computes n contiguous elements:
 *
 *     gelu_fast_gelu_f32(n, x, y);                      y[i] = x[i] * Phi(x[i])
 *     gelu_fast_gelu_tanh_backward_f64(n, grad, x, y);
 *
 * gelu_fast_FUNCTION_DTYPE_strided computes rows x columns elements. An array has its element of row r
 * and column c at data[r * steps[0] + c * steps[1]]: steps count elements, and may be negative. A step
 * of 0 repeats an input, as a bias for all rows:
 *
 *     gelu_fast_bias_gelu_f32_strided(rows, columns, x, (ptrdiff_t[]){columns, 1},
 *                                     bias, (ptrdiff_t[]){0, 1}, y, (ptrdiff_t[]){columns, 1});
 *
 * DTYPE   element
 * f16     uint16_t, the bits of an IEEE 754 binary16
 * bf16    uint16_t, the upper half of a binary32
 * f32     float
 * f64     double
 * f32_relaxed    float, with the speed and the accuracy of gelu_fast.relaxed: an absolute error of 3e-7
 *                for abs(x) <= 6; for gelu, bias_gelu and geglu of each form alone
 *
 * f32 keeps to 4 ULP, but gelu_tanh_grad2 to 10, gelu_quick_grad2 to 7, and the derivative of
 * gelu_tanh_value_and_grad and gelu_quick_value_and_grad to 5. f64 keeps to 5.5 (gelu), 4 (gelu_tanh,
 * gelu_quick), 6 (first derivatives), 5, 14 and 8 (gelu_grad2, gelu_tanh_grad2, gelu_quick_grad2), and
 * 6.5 (beside the value), as far as a search of 10^9 inputs and more of each function can tell. A product,
 * as in ..._backward, and a sum are rounded once more. f16 and bf16 are computed in float and rounded once.
 *
 * An output may be an input, with the same pointer and steps. Beyond that an output may overlap neither an
 * input nor another output, nor itself. Pointers need no alignment beyond that of their elements. With
 * n, rows or columns 0 nothing is read, and pointers, those to steps too, may be NULL.
 *
 * Every function may be called from any thread. Large arrays are shared among OpenMP threads. Results have the
 * same bits whatever the ISA, the number of threads and the steps, but for the sign and the payload of a
 * NaN, which may differ between CPUs. The floating-point environment
 * (rounding mode, FTZ, exception masks) does not change them and is left as it was; functions whose name ends
 * in _backward may raise overflow and invalid, no other does.
 *
 * While the major version is 0, a minor version may change what is here; see docs/c.md for the rules. */
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

/* begin version: written by tools/declare_functions.py */
#define GELU_FAST_VERSION_MAJOR 0
#define GELU_FAST_VERSION_MINOR 1
#define GELU_FAST_VERSION_MICRO 0
#define GELU_FAST_VERSION "0.1.0"
/* end version */

/* The version of the library that runs, as GELU_FAST_VERSION is that of this header. */
GELU_FAST_API const char *gelu_fast_version(void);

/* The ISA whose kernels are in use: "avx512", "avx2", "neon" or "baseline". At first the best available,
 * or the one that the environment variable GELU_FAST_ISA names, if it is available. */
GELU_FAST_API const char *gelu_fast_isa(void);

/* The name of the ISA number i, from 0, among those that this build has and this CPU runs, the best
 * first; NULL after the last. */
GELU_FAST_API const char *gelu_fast_available_isa(int i);

/* Makes `name` the ISA in use, for all threads. Returns 0, or -1 if it is not available. */
GELU_FAST_API int gelu_fast_set_isa(const char *name);

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

/* begin functions: written by tools/declare_functions.py from functions.def */
/* clang-format off */

/* x * Phi(x), with Phi(x) = (1 + erf(x / sqrt(2))) / 2 */
GELU_FAST_API void gelu_fast_gelu_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_f32_relaxed(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* Phi(x) + x * phi(x), with phi(x) = exp(-x**2 / 2) / sqrt(2 * pi) */
GELU_FAST_API void gelu_fast_gelu_grad_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_grad_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_grad_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_grad_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * gelu_grad(x) */
GELU_FAST_API void gelu_fast_gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_backward_f32(size_t n, const float *grad, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_backward_f64(size_t n, const double *grad, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* (2 - x**2) * phi(x), with phi(x) = exp(-x**2 / 2) / sqrt(2 * pi) */
GELU_FAST_API void gelu_fast_gelu_grad2_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_grad2_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_grad2_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad_grad * grad * gelu_grad2(x) */
GELU_FAST_API void gelu_fast_gelu_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* gelu(x + bias) */
GELU_FAST_API void gelu_fast_bias_gelu_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_f32(size_t n, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_f32_relaxed(size_t n, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_f64(size_t n, const double *x, const double *bias, double *y);
GELU_FAST_API void gelu_fast_bias_gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * gelu_grad(x + bias) */
GELU_FAST_API void gelu_fast_bias_gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y);
GELU_FAST_API void gelu_fast_bias_gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* gelu(gate) * up */
GELU_FAST_API void gelu_fast_geglu_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y);
GELU_FAST_API void gelu_fast_geglu_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y);
GELU_FAST_API void gelu_fast_geglu_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_f32(size_t n, const float *gate, const float *up, float *y);
GELU_FAST_API void gelu_fast_geglu_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_f32_relaxed(size_t n, const float *gate, const float *up, float *y);
GELU_FAST_API void gelu_fast_geglu_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_f64(size_t n, const double *gate, const double *up, double *y);
GELU_FAST_API void gelu_fast_geglu_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * up * gelu_grad(gate), grad * gelu(gate) */
GELU_FAST_API void gelu_fast_geglu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup);
GELU_FAST_API void gelu_fast_geglu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup);
GELU_FAST_API void gelu_fast_geglu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup);
GELU_FAST_API void gelu_fast_geglu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup);
GELU_FAST_API void gelu_fast_geglu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]);

/* gelu(x), gelu_grad(x) */
GELU_FAST_API void gelu_fast_gelu_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad);
GELU_FAST_API void gelu_fast_gelu_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad);
GELU_FAST_API void gelu_fast_gelu_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_value_and_grad_f32(size_t n, const float *x, float *value, float *grad);
GELU_FAST_API void gelu_fast_gelu_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_value_and_grad_f64(size_t n, const double *x, double *value, double *grad);
GELU_FAST_API void gelu_fast_gelu_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]);

/* x * (1 + tanh(u)) / 2, with u = sqrt(2 / pi) * (x + 0.044715 * x**3) */
GELU_FAST_API void gelu_fast_gelu_tanh_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_f32_relaxed(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* (1 + tanh(u)) / 2 + x * (1 - tanh(u)**2) / 2 * du/dx, with u = sqrt(2 / pi) * (x + 0.044715 * x**3) */
GELU_FAST_API void gelu_fast_gelu_tanh_grad_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_grad_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_grad_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_grad_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * gelu_tanh_grad(x) */
GELU_FAST_API void gelu_fast_gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* s * (1 - s) * (2 * z' + x * z'' + x * z'**2 * (1 - 2 * s)), with s = 1 / (1 + exp(-z)), z = sqrt(8 / pi) * (x + 0.044715 * x**3) */
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_tanh_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad_grad * grad * gelu_tanh_grad2(x) */
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_tanh_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* gelu_tanh(x + bias) */
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f32(size_t n, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f32_relaxed(size_t n, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f64(size_t n, const double *x, const double *bias, double *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * gelu_tanh_grad(x + bias) */
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y);
GELU_FAST_API void gelu_fast_bias_gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* gelu_tanh(gate) * up */
GELU_FAST_API void gelu_fast_geglu_tanh_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y);
GELU_FAST_API void gelu_fast_geglu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_tanh_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y);
GELU_FAST_API void gelu_fast_geglu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_tanh_f32(size_t n, const float *gate, const float *up, float *y);
GELU_FAST_API void gelu_fast_geglu_tanh_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_tanh_f32_relaxed(size_t n, const float *gate, const float *up, float *y);
GELU_FAST_API void gelu_fast_geglu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_tanh_f64(size_t n, const double *gate, const double *up, double *y);
GELU_FAST_API void gelu_fast_geglu_tanh_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * up * gelu_tanh_grad(gate), grad * gelu_tanh(gate) */
GELU_FAST_API void gelu_fast_geglu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup);
GELU_FAST_API void gelu_fast_geglu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup);
GELU_FAST_API void gelu_fast_geglu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_tanh_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup);
GELU_FAST_API void gelu_fast_geglu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_tanh_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup);
GELU_FAST_API void gelu_fast_geglu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]);

/* gelu_tanh(x), gelu_tanh_grad(x) */
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad);
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad);
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_f32(size_t n, const float *x, float *value, float *grad);
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_f64(size_t n, const double *x, double *value, double *grad);
GELU_FAST_API void gelu_fast_gelu_tanh_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]);

/* x * s(x), with s(x) = 1 / (1 + exp(-1.702 * x)) */
GELU_FAST_API void gelu_fast_gelu_quick_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_f32_relaxed(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* s(x) * (1 + 1.702 * x * (1 - s(x))), with s(x) = 1 / (1 + exp(-1.702 * x)) */
GELU_FAST_API void gelu_fast_gelu_quick_grad_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_grad_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_grad_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_grad_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * gelu_quick_grad(x) */
GELU_FAST_API void gelu_fast_gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_backward_f32(size_t n, const float *grad, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_backward_f64(size_t n, const double *grad, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* 1.702 * s(x) * (1 - s(x)) * (2 + 1.702 * x * (1 - 2 * s(x))), with s(x) = 1 / (1 + exp(-1.702 * x)) */
GELU_FAST_API void gelu_fast_gelu_quick_grad2_f16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_grad2_f32(size_t n, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_grad2_f64(size_t n, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_quick_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad_grad * grad * gelu_quick_grad2(x) */
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y);
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y);
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y);
GELU_FAST_API void gelu_fast_gelu_quick_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* gelu_quick(x + bias) */
GELU_FAST_API void gelu_fast_bias_gelu_quick_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_quick_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_quick_f32(size_t n, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_quick_f32_relaxed(size_t n, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_quick_f64(size_t n, const double *x, const double *bias, double *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * gelu_quick_grad(x + bias) */
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y);
GELU_FAST_API void gelu_fast_bias_gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* gelu_quick(gate) * up */
GELU_FAST_API void gelu_fast_geglu_quick_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y);
GELU_FAST_API void gelu_fast_geglu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_quick_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y);
GELU_FAST_API void gelu_fast_geglu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_quick_f32(size_t n, const float *gate, const float *up, float *y);
GELU_FAST_API void gelu_fast_geglu_quick_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_quick_f32_relaxed(size_t n, const float *gate, const float *up, float *y);
GELU_FAST_API void gelu_fast_geglu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]);
GELU_FAST_API void gelu_fast_geglu_quick_f64(size_t n, const double *gate, const double *up, double *y);
GELU_FAST_API void gelu_fast_geglu_quick_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]);

/* grad * up * gelu_quick_grad(gate), grad * gelu_quick(gate) */
GELU_FAST_API void gelu_fast_geglu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup);
GELU_FAST_API void gelu_fast_geglu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup);
GELU_FAST_API void gelu_fast_geglu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_quick_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup);
GELU_FAST_API void gelu_fast_geglu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]);
GELU_FAST_API void gelu_fast_geglu_quick_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup);
GELU_FAST_API void gelu_fast_geglu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]);

/* gelu_quick(x), gelu_quick_grad(x) */
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad);
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad);
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_f32(size_t n, const float *x, float *value, float *grad);
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]);
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_f64(size_t n, const double *x, double *value, double *grad);
GELU_FAST_API void gelu_fast_gelu_quick_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]);
/* clang-format on */
/* end functions */

#ifdef __cplusplus
}
#endif

#endif
