/* The inputs and the hash of tests/stored_bits.py, which explains them, in C. */
#include "hash_bits.h"

#include "dispatch.h"
#include "loops.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t golden = 0x9E3779B97F4A7C15;
static const uint32_t specials[] = {
    0x00000000, 0x00000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0x7F800000,
    0x7F800001, 0x7FC00000, 0x7FFFFFFF, 0x3F800000, 0x3F407569, 0x3F40A150,
};
enum {
    SPECIAL_COUNT = sizeof specials / sizeof specials[0],
    STRIDED_COUNT = 1 << 22,
    BYTES = (STRIDED_COUNT + 2 * SPECIAL_COUNT) * sizeof(float)
};

static const struct {
    const char *name;
    size_t size, count;
} dtypes[DTYPE_COUNT] = {
    [DTYPE_f16] = {"float16", 2, 1 << 16},
    [DTYPE_bf16] = {"bfloat16", 2, 1 << 16},
    [DTYPE_f32] = {"float32", 4, STRIDED_COUNT + 2 * SPECIAL_COUNT},
    [DTYPE_f32_relaxed] = {"float32_relaxed", 4, STRIDED_COUNT + 2 * SPECIAL_COUNT},
    [DTYPE_f64] = {"float64", 8, 1000000},
};

static uint64_t mix(uint64_t value) { /* SplitMix64's finalizer */
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

static void fill(void *x, int dtype) {
    for (size_t i = 0; i < dtypes[dtype].count; i++)
        if (dtype == DTYPE_f64) {
            const uint64_t bits = mix(i * golden);
            memcpy((double *)x + i, &bits, sizeof bits);
            if (i % 2)
                ((double *)x)[i] = (double)(bits >> 11) * (0x1p-53 * 48) - 40;
        } else if (dtypes[dtype].size == sizeof(float)) {
            const size_t k = i - STRIDED_COUNT;
            const uint32_t bits =
                i < STRIDED_COUNT   ? (uint32_t)i << 10 | (uint32_t)i * 2654435769u >> 22
                : k < SPECIAL_COUNT ? specials[k]
                                    : specials[k - SPECIAL_COUNT] | UINT32_C(1) << 31;
            memcpy((float *)x + i, &bits, sizeof bits);
        } else {
            ((uint16_t *)x)[i] = (uint16_t)i;
        }
}

static uint64_t digest(const char *bytes, size_t n) {
    uint64_t sum = 0;
    for (size_t i = 0; i * sizeof sum < n; i++) { /* BYTES and the other sizes are multiples of 8 */
        uint64_t word;
        memcpy(&word, bytes + i * sizeof word, sizeof word);
        sum += mix(word ^ (i + 1) * golden);
    }
    return sum;
}

int hash_bits(void) {
    char *const x = malloc(BYTES), *const grad = malloc(BYTES), *const y = malloc(BYTES);
    int different = 0;
    if (x == NULL || grad == NULL || y == NULL)
        different = -1;
    for (int dtype = 0; dtype < DTYPE_COUNT && different >= 0; dtype++) {
        const size_t bytes = dtypes[dtype].count * dtypes[dtype].size;
        const size_t half = dtypes[dtype].count / 2 * dtypes[dtype].size;
        fill(x, dtype);
        memcpy(grad, x + bytes - half, half);
        memcpy(grad + half, x, bytes - half);
        for (int function = 0; function < FUNCTION_COUNT; function++) {
            const char *const name = gelu_fast_functions[function].name, *isa;
            uint64_t first = 0;
            for (int k = 0; (isa = gelu_fast_available_isa(k)) != NULL; k++) {
#if !defined(FP_FAST_FMA) || !defined(FP_FAST_FMAF)
                if (strcmp(isa, "baseline") == 0)
                    continue; /* without a hardware fma it promises no bits */
#endif
                gelu_fast_set_isa(isa);
                gelu_fast_find_kernels(function, dtype).cached(grad, x, y, dtypes[dtype].count);
                const uint64_t found = digest(y, bytes);
                if (first == 0)
                    printf("hash %s %s %016llx\n", name, dtypes[dtype].name,
                           (unsigned long long)found);
                else if (found != first && ++different)
                    printf("FAILED: %s %s %s: other bits, %016llx\n", isa, name, dtypes[dtype].name,
                           (unsigned long long)found);
                first = first ? first : found;
            }
        }
    }
    free(x);
    free(grad);
    free(y);
    return different;
}
