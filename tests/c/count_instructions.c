/* Runs every kernel of every ISA at two lengths, the look-up of bytes, and the inner loop for an
 * input and an output that are interleaved in memory. callgrind writes each call's instructions to
 * a dump of its own, named "isa function kind length".
 *
 *     python tools/count_instructions.py
 */
#include "kinds.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

static const char *const kind_names[KIND_COUNT] = {
    [KIND_f16] = "float16", [KIND_bf16] = "bfloat16",
    [KIND_f32] = "float32", [KIND_f32_relaxed] = "float32_relaxed",
    [KIND_f64] = "float64", [KIND_f32_correctly_rounded] = "float32_correctly_rounded",
};

/* The difference of the two counts is free of a call's fixed cost. Both lengths are multiples of
 * every kernel's step. */
static const size_t lengths[] = {1024, 2048};
enum { LENGTH_COUNT = 2, COUNT = 2048 };

/* Where a kernel branches, its count depends on the values. These are -4 to 4 without zero, and the
 * same in every kind, because seven mantissa bits suffice for them. */
static void fill(void *array, int kind) {
    for (size_t i = 0; i < COUNT; i++) {
        const float value = ((float)(i * 37 % 256) - 127.5f) / 32;
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        switch (kind) {
        case KIND_f16: /* the exponent's bias goes from 127 to 15 */
            ((uint16_t *)array)[i] =
                (uint16_t)((bits >> 16 & 0x8000) | (((bits & INT32_MAX) >> 13) - (112 << 10)));
            break;
        case KIND_bf16:
            ((uint16_t *)array)[i] = (uint16_t)(bits >> 16);
            break;
        case KIND_f64:
            ((double *)array)[i] = value;
            break;
        default:
            ((float *)array)[i] = value;
        }
    }
}

static void count_look_ups(const char *isa) {
    static uint8_t table[256], x[COUNT], out[COUNT];
    gelu_fast_look_up_kernel *const look_up = gelu_fast_find_look_up();
    char label[100];
    for (int i = 0; i < LENGTH_COUNT; i++) {
        snprintf(label, sizeof label, "%s look_up uint8 %zu", isa, lengths[i]);
        CALLGRIND_ZERO_STATS;
        look_up(table, x, out, lengths[i]);
        CALLGRIND_DUMP_STATS_AT(label);
    }
}

static void count_interleaved(const char *isa) {
    static float both[2 * COUNT];
    char *const operands[] = {(char *)both, (char *)(both + 1)};
    const intptr_t steps[] = {2 * sizeof *both, 2 * sizeof *both};
    void *const loop = loop_of(FUNCTION_gelu, KIND_f32);
    char label[100];
    for (int i = 0; i < LENGTH_COUNT; i++) {
        const intptr_t n = (intptr_t)lengths[i];
        snprintf(label, sizeof label, "%s gelu_interleaved float32 %zu", isa, lengths[i]);
        CALLGRIND_ZERO_STATS;
        gelu_fast_ufunc_loop((char **)operands, &n, steps, loop);
        CALLGRIND_DUMP_STATS_AT(label);
    }
}

int main(void) {
    enum { INPUTS = 3, OUTPUTS = 2 };
    /* double, the widest kind, so that the arrays are aligned for every kind */
    static double in[INPUTS][COUNT], out[OUTPUTS][COUNT];
    const char *isa;
    char label[100];
    for (int k = 0; (isa = gelu_fast_available_isa(k)) != NULL; k++) {
        gelu_fast_set_isa(isa);
        count_look_ups(isa);
        count_interleaved(isa);
        for (int kind = 0; kind < KIND_COUNT; kind++) {
            if (kind_names[kind] == NULL) {
                fprintf(stderr, "kind %d has no name in count_instructions.c\n", kind);
                return 1;
            }
            for (int i = 0; i < INPUTS; i++)
                fill(in[i], kind);
            for (int function = 0; function < FUNCTION_COUNT; function++) {
                gelu_fast_kernel *const kernel = find_kernel(function, kind);
                char *operands[INPUTS + OUTPUTS] = {NULL}, **next = operands;
                if (kernel == NULL)
                    continue;
                for (int i = 0; i < gelu_fast_functions[function].inputs; i++)
                    *next++ = (char *)in[i];
                for (int i = 0; i < gelu_fast_functions[function].outputs; i++)
                    *next++ = (char *)out[i];
                for (int i = 0; i < LENGTH_COUNT; i++) {
                    snprintf(label, sizeof label, "%s %s %s %zu", isa,
                             gelu_fast_functions[function].name, kind_names[kind], lengths[i]);
                    CALLGRIND_ZERO_STATS;
                    kernel(operands, GELU_FAST_AHEAD, lengths[i], 0);
                    CALLGRIND_DUMP_STATS_AT(label);
                }
            }
        }
    }
    return 0;
}
