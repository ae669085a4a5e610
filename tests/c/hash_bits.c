/* The inputs and hashes of tests/stored_bits.py in C; that file explains them. */
#include "hash_bits.h"

#include "kinds.h"

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
    BYTES = (STRIDED_COUNT + 2 * SPECIAL_COUNT) * sizeof(float),
    OPERAND_LIMIT = 5,
    BYTE_PAIRS = KIND_COUNT /* what the look-up of bytes returns */
};

static const struct {
    const char *name;
    size_t size, count;
    uint64_t infinity; /* its bits; those of a NaN, without the sign, are larger */
} kinds[KIND_COUNT + 1] = {
    [KIND_f16] = {"float16", 2, 1 << 16, 0x7c00},
    [KIND_bf16] = {"bfloat16", 2, 1 << 16, 0x7f80},
    [KIND_f32] = {"float32", 4, STRIDED_COUNT + 2 * SPECIAL_COUNT, 0x7f800000},
    [KIND_f32_relaxed] = {"float32_relaxed", 4, STRIDED_COUNT + 2 * SPECIAL_COUNT, 0x7f800000},
    [KIND_f64] = {"float64", 8, 1000000, 0x7ff0000000000000},
    [KIND_f32_correctly_rounded] = {"float32_correctly_rounded", 4,
                                    STRIDED_COUNT + 2 * SPECIAL_COUNT, 0x7f800000},
    [BYTE_PAIRS] = {"uint8", 2, 1 << 16, UINT64_MAX},
};

const char *only_isa;

const char *isa_to_check(int k) {
    if (only_isa == NULL)
        return gelu_fast_available_isa(k);
    return k == 0 ? only_isa : NULL;
}

static uint64_t mix(uint64_t value) { /* SplitMix64's finalizer */
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

static void fill(void *x, int kind) {
    for (size_t i = 0; i < kinds[kind].count; i++)
        if (kind == KIND_f64) {
            const uint64_t bits = mix(i * golden);
            memcpy((double *)x + i, &bits, sizeof bits);
            if (i % 2)
                ((double *)x)[i] = (double)(bits >> 11) * (0x1p-53 * 48) - 40;
        } else if (kinds[kind].size == sizeof(float)) {
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

/* The bits of an element as a number, the same for every NaN. */
static uint64_t number(const char *element, size_t size, uint64_t infinity) {
    const uint64_t all = UINT64_MAX >> (64 - 8 * size);
    uint64_t bits;
    uint32_t bits_32;
    uint16_t bits_16;
    if (size == sizeof bits_16) {
        memcpy(&bits_16, element, sizeof bits_16);
        bits = bits_16;
    } else if (size == sizeof bits_32) {
        memcpy(&bits_32, element, sizeof bits_32);
        bits = bits_32;
    } else {
        memcpy(&bits, element, sizeof bits);
    }
    return (bits & all >> 1) > infinity ? all : bits;
}

/* The first element is the lowest part of a word, whatever the machine's byte order. */
static uint64_t digest(const char *bytes, size_t n, size_t size, uint64_t infinity) {
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i += sizeof sum) { /* BYTES and the other sizes are multiples of 8 */
        uint64_t word = 0;
        for (size_t k = 0; k < sizeof word; k += size)
            word |= number(bytes + i + k, size, infinity) << 8 * k;
        sum += mix(word ^ (i / sizeof word + 1) * golden);
    }
    return sum;
}

/* Hashes `bytes` bytes of results, which `run` writes to y with each ISA that promises bits, and
 * prints one line. Returns how many ISAs differ from the first. */
typedef void runner(const char *x, char *y, int function, int kind);
static int hash_results(const char *name, runner *run, const char *x, char *y, int function,
                        int kind, size_t bytes) {
    const char *isa;
    uint64_t first = 0;
    int different = 0;
    for (int k = 0; (isa = isa_to_check(k)) != NULL; k++) {
        if (!promises_bits(isa, kind))
            continue;
        gelu_fast_set_isa(isa);
        run(x, y, function, kind);
        const uint64_t found = digest(y, bytes, kinds[kind].size, kinds[kind].infinity);
        if (first == 0)
            printf("hash %s %s %016llx\n", name, kinds[kind].name, (unsigned long long)found);
        else if (found != first && ++different)
            printf("FAILED: %s %s %s: other bits, %016llx\n", isa, name, kinds[kind].name,
                   (unsigned long long)found);
        first = first ? first : found;
    }
    return different;
}

/* x holds the inputs twice, so that a rotation of them is an offset into x. */
static void run_kernel(const char *x, char *y, int function, int kind) {
    const size_t inputs = (size_t)gelu_fast_functions[function].inputs;
    const size_t parts = gelu_fast_functions[function].takes_rows ? 3 : inputs;
    const size_t count = kinds[kind].count, size = kinds[kind].size;
    char *operands[OPERAND_LIMIT] = {NULL};
    for (size_t k = 0; k < inputs; k++)
        operands[k] = (char *)x + (count - (inputs - 1 - k) * count / parts) % count * size;
    for (size_t k = 0; k < (size_t)gelu_fast_functions[function].outputs; k++)
        operands[inputs + k] = y + k * count * size;
    find_kernel(function, kind)(operands, GELU_FAST_AHEAD, count, 0);
}

static void run_look_up(const char *x, char *y, int function, int kind) {
    uint8_t table[256];
    (void)function;
    for (size_t i = 0; i < sizeof table; i++)
        table[i] = (uint8_t)(mix((i / 8 + 1) * golden) >> i % 8 * 8);
    gelu_fast_find_look_up()(table, (const uint8_t *)x, (uint8_t *)y,
                             kinds[kind].count * kinds[kind].size);
}

int hash_bits(void) {
    char *const x = malloc(2 * BYTES), *const y = malloc(2 * BYTES);
    int different = 0;
    if (x == NULL || y == NULL)
        different = -1;
    for (int kind = 0; kind < KIND_COUNT && different >= 0; kind++) {
        const size_t bytes = kinds[kind].count * kinds[kind].size;
        fill(x, kind);
        memcpy(x + bytes, x, bytes);
        for (int function = 0; function < FUNCTION_COUNT; function++)
            if (find_kernel(function, kind) != NULL)
                different +=
                    hash_results(gelu_fast_functions[function].name, run_kernel, x, y, function,
                                 kind, bytes * (size_t)gelu_fast_functions[function].outputs);
        if (kind == KIND_f16) /* which is every pair of bytes */
            different += hash_results("look_up", run_look_up, x, y, 0, BYTE_PAIRS, bytes);
    }
    free(x);
    free(y);
    return different;
}
