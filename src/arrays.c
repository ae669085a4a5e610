#include "arrays.h"

#include "gelu_fast.h"
#include "loops.h"

struct arrays {
    int function, dtype, tier;
    int operands, ndim;
    intptr_t item_size;
    int is_aligned, is_reversed; /* the axes in the order of Fortran */
    const intptr_t *shape, *strides;
};

static int count_operands(int function) {
    return gelu_fast_functions[function].inputs + gelu_fast_functions[function].outputs;
}

enum gelu_fast_shapes gelu_fast_broadcast(int function, int operands, int ndim, int has_rows,
                                          const intptr_t *shapes, intptr_t *result) {
    for (int axis = 0; axis < ndim; axis++) {
        result[axis] = 1;
        for (int k = 0; k < operands && result[axis] == 1; k++)
            result[axis] = shapes[k * ndim + axis];
        for (int k = 0; k < operands; k++) {
            const intptr_t size = shapes[k * ndim + axis];
            if (size == result[axis])
                continue;
            if (has_rows && axis == ndim - 1)
                return UNEQUAL_ROWS;
            if (k >= gelu_fast_functions[function].inputs)
                return UNEQUAL_OUTPUT;
            if (size != 1)
                return NO_BROADCAST;
        }
    }
    return SHAPES_FIT;
}

/* The first byte of an operand, and the one behind its last. */
struct span {
    intptr_t begin, end;
};

static struct span find_span(const char *data, const intptr_t *strides, int ndim,
                             const intptr_t *shape, intptr_t item_size) {
    struct span span = {(intptr_t)data, (intptr_t)data + item_size};
    for (int axis = 0; axis < ndim; axis++) {
        const intptr_t reach = (shape[axis] - 1) * strides[axis];
        *(reach < 0 ? &span.begin : &span.end) += reach;
    }
    return span;
}

int gelu_fast_has_overlap(int function, int dtype, int ndim, const intptr_t *shape,
                          char *const *data, const intptr_t *strides) {
    const int inputs = gelu_fast_functions[function].inputs;
    const intptr_t item_size = (intptr_t)gelu_fast_dtypes[dtype].size;
    for (int out = inputs; out < count_operands(function); out++) {
        const intptr_t *const steps = strides + out * ndim;
        const struct span span = find_span(data[out], steps, ndim, shape, item_size);
        for (int k = 0; k < out; k++) {
            const intptr_t *const other = strides + k * ndim;
            const struct span others = find_span(data[k], other, ndim, shape, item_size);
            int is_in_place = k < inputs && data[k] == data[out];
            for (int axis = 0; axis < ndim; axis++)
                is_in_place &= other[axis] == steps[axis];
            if (!is_in_place && span.begin < others.end && others.begin < span.end)
                return 1;
        }
    }
    return 0;
}

static intptr_t size_of(const struct arrays *arrays, int axis) {
    return arrays->shape[arrays->is_reversed ? arrays->ndim - 1 - axis : axis];
}

static intptr_t stride_of(const struct arrays *arrays, int k, int axis) {
    const intptr_t *const strides = arrays->strides + k * arrays->ndim;
    return strides[arrays->is_reversed ? arrays->ndim - 1 - axis : axis];
}

/* Whether the axes from `first` to the last but one are rows at equal distances. Returns their number, and an
 * axis whose stride is the distance. */
static int are_rows(const struct arrays *arrays, int first, intptr_t *rows, int *row_axis) {
    *rows = 1;
    *row_axis = first;
    for (int axis = arrays->ndim - 2; axis >= first; axis--) {
        if (size_of(arrays, axis) == 1)
            continue;
        if (*rows == 1)
            *row_axis = axis;
        for (int k = 0; k < arrays->operands; k++)
            if (*rows != 1 && stride_of(arrays, k, axis) != *rows * stride_of(arrays, k, *row_axis))
                return 0;
        *rows *= size_of(arrays, axis);
    }
    return 1;
}

static void compute_axes(const struct arrays *arrays, int first, char *const *data) {
    const int last = arrays->ndim - 1;
    gelu_fast_operand operands[GELU_FAST_OPERAND_LIMIT];
    intptr_t rows = 1, columns = 1;
    int row_axis = first;
    if (first > last || (arrays->is_aligned && are_rows(arrays, first, &rows, &row_axis))) {
        /* A step of 0 makes the library copy a single element, which need not be aligned. */
        for (int k = 0; k < arrays->operands; k++)
            operands[k] = (gelu_fast_operand){data[k], 0, 0};
        if (first <= last) {
            columns = size_of(arrays, last);
            for (int k = 0; k < arrays->operands; k++) {
                operands[k].row_step = stride_of(arrays, k, row_axis) / arrays->item_size;
                operands[k].step = stride_of(arrays, k, last) / arrays->item_size;
            }
        }
        gelu_fast_compute(arrays->function, arrays->dtype, arrays->tier, (size_t)rows,
                          (size_t)columns, operands);
        return;
    }
    for (intptr_t i = 0; i < size_of(arrays, first); i++) {
        char *places[GELU_FAST_OPERAND_LIMIT];
        for (int k = 0; k < arrays->operands; k++)
            places[k] = data[k] + i * stride_of(arrays, k, first);
        compute_axes(arrays, first + 1, places);
    }
}

void gelu_fast_compute_arrays(int function, int dtype, int tier, int ndim, const intptr_t *shape,
                              char *const *data, const intptr_t *strides) {
    struct arrays arrays = {
        .function = function,
        .dtype = dtype,
        .tier = tier,
        .operands = count_operands(function),
        .ndim = ndim,
        .item_size = (intptr_t)gelu_fast_dtypes[dtype].size,
        .shape = shape,
        .strides = strides,
    };
    intptr_t bits = 0;
    for (int k = 0; k < arrays.operands; k++) {
        bits |= (intptr_t)data[k];
        for (int axis = 0; axis < ndim; axis++)
            bits |= strides[k * ndim + axis];
    }
    arrays.is_aligned = bits % arrays.item_size == 0;
    if (ndim > 1) {
        const intptr_t *const output = strides + (arrays.operands - 1) * ndim;
        const intptr_t outer = output[0] < 0 ? -output[0] : output[0];
        const intptr_t inner = output[ndim - 1] < 0 ? -output[ndim - 1] : output[ndim - 1];
        arrays.is_reversed = outer < inner;
    }
    compute_axes(&arrays, 0, data);
}
