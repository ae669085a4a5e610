/* The functions of gelu_fast.h: each a call of a NumPy inner loop. */
#include "gelu_fast.h"

#include "loops.h"

const char *gelu_fast_version(void) { return GELU_FAST_VERSION; }

struct operand {
    char *data;
    const ptrdiff_t *steps; /* in elements: from row to row, and within a row */
};

static const ptrdiff_t contiguous[2] = {0, 1};

static void run(const struct gelu_fast_loop *loop, intptr_t item_size, size_t rows, size_t columns,
                const struct operand operands[]) {
    if (rows == 0 || columns == 0)
        return;
    const struct gelu_fast_function_info *const function = &gelu_fast_functions[loop->function];
    const int count = function->inputs + function->outputs;
    const intptr_t dimensions[] = {(intptr_t)rows, (intptr_t)columns};
    char *args[GELU_FAST_OPERAND_LIMIT];
    intptr_t steps[2 * GELU_FAST_OPERAND_LIMIT];
    for (int k = 0; k < count; k++) {
        args[k] = operands[k].data;
        steps[k] = operands[k].steps[0] * item_size;
        steps[count + k] = operands[k].steps[1] * item_size;
    }
    gelu_fast_generalized_ufunc_loop(args, dimensions, steps, (void *)loop);
}

/* The header has names for the parameters; here they are letters, in its order. */
#define DEFINE(symbol, name, dtype, element, rows, columns, parameters, ...)                       \
    void symbol parameters {                                                                       \
        const struct operand operands[] = {__VA_ARGS__};                                           \
        run(&gelu_fast_loops[FUNCTION_##name][DTYPE_##dtype], sizeof(element), rows, columns,      \
            operands);                                                                             \
    }

#define CONTIGUOUS(dtype, T, name, parameters, ...)                                                \
    DEFINE(gelu_fast_##name##_##dtype, name, dtype, T, 1, n, parameters, __VA_ARGS__)
#define X(a)                                                                                       \
    { (char *)a, contiguous }

#define STRIDED(dtype, T, name, parameters, ...)                                                   \
    DEFINE(gelu_fast_##name##_##dtype##_strided, name, dtype, T, rows, columns, parameters,        \
           __VA_ARGS__)
#define S(a) const ptrdiff_t a##_steps[2]
#define XS(a)                                                                                      \
    { (char *)a, a##_steps }

/* By the number of inputs and outputs. */
#define DEFINE_1_1(dtype, T, name)                                                                 \
    CONTIGUOUS(dtype, T, name, (size_t n, const T *a, T *b), X(a), X(b))                           \
    STRIDED(dtype, T, name, (size_t rows, size_t columns, const T *a, S(a), T *b, S(b)), XS(a),    \
            XS(b))

#define DEFINE_1_2(dtype, T, name)                                                                 \
    CONTIGUOUS(dtype, T, name, (size_t n, const T *a, T *b, T *c), X(a), X(b), X(c))               \
    STRIDED(dtype, T, name,                                                                        \
            (size_t rows, size_t columns, const T *a, S(a), T *b, S(b), T *c, S(c)), XS(a), XS(b), \
            XS(c))

#define DEFINE_2_1(dtype, T, name)                                                                 \
    CONTIGUOUS(dtype, T, name, (size_t n, const T *a, const T *b, T *c), X(a), X(b), X(c))         \
    STRIDED(dtype, T, name,                                                                        \
            (size_t rows, size_t columns, const T *a, S(a), const T *b, S(b), T *c, S(c)), XS(a),  \
            XS(b), XS(c))

#define DEFINE_3_1(dtype, T, name)                                                                 \
    CONTIGUOUS(dtype, T, name, (size_t n, const T *a, const T *b, const T *c, T *d), X(a), X(b),   \
               X(c), X(d))                                                                         \
    STRIDED(dtype, T, name,                                                                        \
            (size_t rows, size_t columns, const T *a, S(a), const T *b, S(b), const T *c, S(c),    \
             T *d, S(d)),                                                                          \
            XS(a), XS(b), XS(c), XS(d))

#define DEFINE_3_2(dtype, T, name)                                                                 \
    CONTIGUOUS(dtype, T, name, (size_t n, const T *a, const T *b, const T *c, T *d, T *e), X(a),   \
               X(b), X(c), X(d), X(e))                                                             \
    STRIDED(dtype, T, name,                                                                        \
            (size_t rows, size_t columns, const T *a, S(a), const T *b, S(b), const T *c, S(c),    \
             T *d, S(d), T *e, S(e)),                                                              \
            XS(a), XS(b), XS(c), XS(d), XS(e))

#define FUNCTION(name, inputs, outputs, is_generalized, raises, has_relaxed, formula)              \
    GELU_FAST_FOR_EACH_DTYPE(DEFINE_##inputs##_##outputs, has_relaxed, name)
#include "functions.def"
