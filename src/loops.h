/* NumPy's inner loops, without NumPy's headers: npy_intp is intptr_t. */
#ifndef GELU_FAST_LOOPS_H
#define GELU_FAST_LOOPS_H

#include "kernels.h"

#include <stdint.h>

/* A row of functions.def. */
struct gelu_fast_function_info {
    const char *name;
    int inputs, outputs;
    const char *input_names, *output_names; /* "(grad, x)" */
    int takes_rows, raises, relaxed, correctly_rounded;
    double ulp_16_bit, ulp_f32, ulp_f64;
    const char *formula, *summary;
};
extern const struct gelu_fast_function_info gelu_fast_functions[FUNCTION_COUNT];

/* A row of dtypes.def. */
struct gelu_fast_dtype_info {
    const char *name; /* NumPy's */
    size_t size;
};
extern const struct gelu_fast_dtype_info gelu_fast_dtypes[DTYPE_COUNT];

/* The `data` of a loop. */
struct gelu_fast_loop {
    int function, dtype, tier;
};
extern const struct gelu_fast_loop gelu_fast_loops[TIER_COUNT][FUNCTION_COUNT][DTYPE_COUNT];

/* PyUFuncGenericFunctions of ufuncs and of generalized ufuncs; data points to a struct
 * gelu_fast_loop. */
void gelu_fast_ufunc_loop(char **args, const intptr_t *dimensions, const intptr_t *steps,
                          void *data);
void gelu_fast_generalized_ufunc_loop(char **args, const intptr_t *dimensions,
                                      const intptr_t *steps, void *data);

#endif
