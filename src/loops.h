/* NumPy's inner loops, without NumPy's headers: npy_intp is intptr_t. */
#ifndef GELU_FAST_LOOPS_H
#define GELU_FAST_LOOPS_H

#include "kernels.h"

#include <stdint.h>

struct gelu_fast_function_info {
    const char *name;
    int inputs, outputs;
    int is_generalized; /* over rows: signature (n?),(n?)->(n?), for each input and output one (n?) */
    /* Whether the product with a derivative raises floating-point exceptions. The values raise none:
     * what is set then came from vector instructions that flag a quiet NaN, or from the inside. */
    int raises;
    int has_relaxed; /* whether there are kernels for DTYPE_f32_relaxed */
    const char *formula;
};

extern const struct gelu_fast_function_info gelu_fast_functions[FUNCTION_COUNT];

/* The `data` of a loop. */
struct gelu_fast_loop {
    enum gelu_fast_function function;
    enum gelu_fast_dtype dtype;
};

extern const struct gelu_fast_loop gelu_fast_loops[FUNCTION_COUNT][DTYPE_COUNT];

/* PyUFuncGenericFunctions of ufuncs and of generalized ufuncs; data points to a struct
 * gelu_fast_loop. */
void gelu_fast_ufunc_loop(char **args, const intptr_t *dimensions, const intptr_t *steps,
                          void *data);
void gelu_fast_generalized_ufunc_loop(char **args, const intptr_t *dimensions,
                                      const intptr_t *steps, void *data);

#endif
