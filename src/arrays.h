/* Arrays of any number of dimensions, for callers without NumPy: XLA and Numba. Operands are the inputs, then
 * the outputs; shapes and strides (in bytes) of operand k begin at [k * ndim]. */
#ifndef GELU_FAST_ARRAYS_H
#define GELU_FAST_ARRAYS_H

#include <stdint.h>

enum gelu_fast_shapes { SHAPES_FIT, UNEQUAL_ROWS, UNEQUAL_OUTPUT, NO_BROADCAST };

/* Finds the shape of the result: that to which the inputs broadcast. Outputs have it already, and with
 * `has_rows` the last axis has one length in all operands. */
enum gelu_fast_shapes gelu_fast_broadcast(int function, int operands, int ndim, int has_rows,
                                          const intptr_t *shapes, intptr_t *result);

/* Whether an output shares bytes with another operand, by their first and last byte, without being
 * that input. */
int gelu_fast_has_overlap(int function, int dtype, int ndim, const intptr_t *shape,
                          char *const *data, const intptr_t *strides);

/* Computes all elements of a shape. The stride of a repeated axis is 0. Elements need not be aligned. */
void gelu_fast_compute_arrays(int function, int dtype, int tier, int ndim, const intptr_t *shape,
                              char *const *data, const intptr_t *strides);

#endif
