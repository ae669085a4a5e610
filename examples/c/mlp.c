/* The feed-forward block of a transformer, y = gelu(x W + b) V, with gelu_fast's fused bias and activation.
 *
 * With the library that `pip install gelu_fast` brought:
 *     gcc -O2 mlp.c -I"$(gelu-fast info --include)" "$(gelu-fast info --library)" -fopenmp -lm -o mlp
 * With the sources alone, no Python at all, from the top of the repository:
 *     gcc -O3 -ffp-contract=off -fopenmp -Isrc examples/c/mlp.c src/[a-z]*.c -lm -o mlp
 * By CMake or pkg-config: CMakeLists.txt beside this file, and docs/c.md. */
#include "gelu_fast.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOKENS = 128, WIDTH = 96, HIDDEN = 384 };

/* c = a b, for row-major matrices of the given shapes. */
static void multiply(size_t rows, size_t inner, size_t columns, const float *a, const float *b,
                     float *c) {
    for (size_t i = 0; i < rows * columns; i++)
        c[i] = 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < inner; k++)
            for (size_t j = 0; j < columns; j++)
                c[i * columns + j] += a[i * inner + k] * b[k * columns + j];
}

/* Numbers between -1 and 1 that only look random, the same everywhere. */
static float *numbers(size_t n, unsigned seed) {
    float *const x = malloc(n * sizeof *x);
    if (x == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = (float)(seed >> 8) / 8388608.0f - 1;
    }
    return x;
}

int main(void) {
    float *const x = numbers(TOKENS * WIDTH, 1), *const y = numbers(TOKENS * WIDTH, 2);
    float *const weights = numbers(WIDTH * HIDDEN, 3), *const bias = numbers(HIDDEN, 4);
    float *const back = numbers(HIDDEN * WIDTH, 5), *const hidden = numbers(TOKENS * HIDDEN, 6);
    /* hidden, the bias, which is the same for all rows, and hidden again: in place */
    const gelu_fast_operand operands[] = {{hidden, HIDDEN, 1}, {bias, 0, 1}, {hidden, HIDDEN, 1}};

    printf("gelu_fast %s, ISA %s, %d threads for large arrays\n", gelu_fast_version(),
           gelu_fast_isa(), gelu_fast_get_num_threads());

    multiply(TOKENS, WIDTH, HIDDEN, x, weights, hidden);
    if (gelu_fast_compute(GELU_FAST_BIAS_GELU, GELU_FAST_F32, GELU_FAST_DEFAULT, TOKENS, HIDDEN,
                          operands) != 0)
        return EXIT_FAILURE;
    multiply(TOKENS, HIDDEN, WIDTH, hidden, back, y);
    printf("y[0][0..2] = %.5f %.5f %.5f\n", y[0], y[1], y[2]);

    const double points[] = {-12, -3, -1, 0, 1, 3};
    double values[6];
    gelu_fast_gelu_f64(6, points, values);
    for (int i = 0; i < 6; i++)
        printf("gelu(%g) = %.17g\n", points[i], values[i]);

    free(x), free(y), free(weights), free(bias), free(back), free(hidden);
    return 0;
}
