/* Checks, without Python, every ISA of this architecture that the CPU runs: errors against double
 * precision, every remainder length, no writes out of bounds, the same bits from all ISAs, rows,
 * and the look-up of bytes. Then prints hash_bits.c's hashes, which every architecture shares.
 *
 *     .ci/check_isas native | neon | riscv64 | s390x | ppc64le
 * An argument names the only ISA to check.
 */
#include "dispatch.h"
#include "hash_bits.h"
#include "look_up.h"
#include "kinds.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t size;
    int mantissa_bits, smallest_exponent;
    double bound;    /* in ULP; float64 is checked against long double erfc where that is wider */
    double absolute; /* if not 0, the error that counts instead, for |x| <= 6 */
} kinds[KIND_COUNT] = {
    [KIND_f16] = {"float16", 2, 10, -14, 0.51, 0},
    [KIND_bf16] = {"bfloat16", 2, 7, -126, 0.51, 0},
    [KIND_f32] = {"float32", 4, 23, -126, 4, 0},
    [KIND_f32_relaxed] = {"float32 relaxed", 4, 23, -126, 0, 3e-7},
    [KIND_f64] = {"float64", 8, 52, -1022, 4, 0},
    [KIND_f32_correctly_rounded] = {"float32 correctly rounded", 4, 23, -126, 0.5, 0},
};

enum { INPUT_LIMIT = 3, OUTPUT_LIMIT = 2 };

static int failures;

static void fail(const char *isa, int function, int kind, const char *what, double x,
                 double error) {
    if (failures++ < 20)
        printf("FAILED: %s %s %s: %s at x = %a (%g)\n", isa, gelu_fast_functions[function].name,
               kinds[kind].name, what, x, error);
}

static long double reference(int function, long double x) {
    const long double t = fabsl(x), linear = 2 * sqrtl(2 / acosl(-1)), cubic = linear * 0.044715L;
    const long double phi = expl(-x * x / 2) / sqrtl(2 * acosl(-1)), tail = erfcl(t / sqrtl(2)) / 2;
    long double e, t_slope;
    switch (function) {
    case FUNCTION_gelu:
        return (x > 0 ? x : 0) - t * tail;
    case FUNCTION_gelu_grad:
        return x < 0 ? tail - t * phi : 1 - (tail - t * phi);
    case FUNCTION_gelu_tanh:
    case FUNCTION_gelu_tanh_grad:
        e = expl(-t * (linear + cubic * t * t));
        t_slope = t * (linear + 3 * cubic * t * t);
        break;
    default:
        e = expl(-1.702L * t);
        t_slope = 1.702L * t;
    }
    if (function == FUNCTION_gelu_tanh || function == FUNCTION_gelu_quick)
        return (x > 0 ? x : 0) - t * e / (1 + e);
    const long double derivative = e * (1 + e - t_slope) / ((1 + e) * (1 + e));
    return x < 0 ? derivative : 1 - derivative;
}

static int has_reference(int function) {
    switch (function) {
    case FUNCTION_gelu:
    case FUNCTION_gelu_grad:
    case FUNCTION_gelu_tanh:
    case FUNCTION_gelu_tanh_grad:
    case FUNCTION_gelu_quick:
    case FUNCTION_gelu_quick_grad:
        return 1;
    default:
        return 0; /* composed of these, or tested by pytest */
    }
}

/* Whether the reference has more digits than float64: long double may have no more, and where it
 * does, its functions may still compute in double (musl on AArch64). */
static int is_reference_wider(void) {
    const volatile double one = 1; /* volatile: the library has to compute erfc, not the compiler */
    return erfcl(one) != erfc(one);
}

/* POWER's long double, a sum of two doubles, has a double's exponents: x cubed overflows, and
 * digits are lost below LDBL_MIN, where a term may be 2^12 times smaller than the result. */
static int is_exact_reference(double x, long double result) {
    return LDBL_MIN_EXP < DBL_MIN_EXP || (fabs(x) < 1e100 && fabsl(result) >= ldexpl(LDBL_MIN, 12));
}

static double get(const void *array, int kind, size_t i) {
    uint32_t bits;
    float f;
    switch (kind) {
    case KIND_f64:
        return ((const double *)array)[i];
    case KIND_f32:
    case KIND_f32_relaxed:
    case KIND_f32_correctly_rounded:
        return ((const float *)array)[i];
    case KIND_bf16:
        bits = (uint32_t)((const uint16_t *)array)[i] << 16;
        memcpy(&f, &bits, sizeof f);
        return f;
    default:
        bits = ((const uint16_t *)array)[i];
        const int exponent = bits >> 10 & 31;
        const double mantissa = bits & 1023;
        const double magnitude = exponent == 31  ? (mantissa > 0 ? NAN : INFINITY)
                                 : exponent == 0 ? ldexp(mantissa, -24)
                                                 : ldexp(mantissa + 1024, exponent - 25);
        return bits >> 15 ? -magnitude : magnitude;
    }
}

static uint64_t random_bits(void) { /* xorshift64*, Vigna 2016: the same on every machine */
    static uint64_t state = 88172645463325252u;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 2685821657736338717u;
}

/* All 16-bit values; for the wider dtypes random bits, random values of moderate size, and
 * specials. */
enum { COUNT = 1 << 16 };
static void fill(void *array, int kind) {
    static const double specials[] = {0.0,    -0.0,    INFINITY, -INFINITY,
                                      5e-324, -5e-324, 1e-40,    -1e-40};
    for (size_t i = 0; i < COUNT; i++) {
        const uint64_t bits = random_bits();
        const double moderate = (double)(bits >> 11) * 0x1p-53 * (kind == KIND_f64 ? 48 : 22) -
                                (kind == KIND_f64 ? 40 : 15);
        const double value = i < 8 ? specials[i] : moderate;
        if (kind == KIND_f64) {
            memcpy((double *)array + i, &bits, sizeof bits);
            if (i % 4 || isnan(((double *)array)[i]))
                ((double *)array)[i] = value;
        } else if (kinds[kind].size == sizeof(float)) {
            memcpy((float *)array + i, &bits, sizeof(float));
            if (i % 4 || isnan(((float *)array)[i]))
                ((float *)array)[i] = (float)value;
        } else {
            ((uint16_t *)array)[i] = (uint16_t)i; /* signaling NaNs included: results stay NaN */
        }
    }
}

static void check_accuracy(const char *isa, int function, int kind, const void *x, const void *y) {
    const int is_derivative = strstr(gelu_fast_functions[function].name, "_grad") != NULL;
    const int is_wider = is_reference_wider();
    double worst = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const double in = get(x, kind, i), out = get(y, kind, i);
        if (isnan(in)) {
            if (!isnan(out))
                fail(isa, function, kind, "NaN is lost", in, out);
            continue;
        }
        if (isinf(in)) {
            const double limit = in > 0 ? (is_derivative ? 1 : INFINITY) : 0;
            if (out != limit || (!is_derivative && signbit(out) != signbit(in)))
                fail(isa, function, kind, "wrong limit", in, out);
            continue;
        }
        if (is_derivative && fabs(in + 0.752) < 2e-3)
            continue; /* the reference cancels here; pytest has a better one */
        if (kind == KIND_f64 && (!is_wider || in > 1e100))
            continue; /* no better reference */
        const long double exact = reference(function, in);
        if (kind == KIND_f64 && !is_exact_reference(in, exact))
            continue;
        if (kinds[kind].absolute > 0) {
            const double error = (double)fabsl(out - exact);
            if (fabs(in) <= 6 && !(error <= kinds[kind].absolute))
                fail(isa, function, kind, "absolute error above the bound", in, error);
            worst = fabs(in) <= 6 && error > worst ? error : worst;
            continue;
        }
        int exponent = exact == 0 ? -2000 : ilogbl(exact);
        if (exponent < kinds[kind].smallest_exponent)
            exponent = kinds[kind].smallest_exponent;
        const double error =
            (double)(fabsl(out - exact) / ldexpl(1, exponent - kinds[kind].mantissa_bits));
        if (!(error <= kinds[kind].bound))
            fail(isa, function, kind, "error in ULP above the bound", in, error);
        worst = error > worst ? error : worst;
    }
    printf("%-8s %-20s %-15s worst error %.3g %s\n", isa, gelu_fast_functions[function].name,
           kinds[kind].name, worst, kinds[kind].absolute > 0 ? "" : "ULP");
}

/* Every remainder length, with cached and with streaming stores. */
static void check_lengths(const char *isa, int function, int kind, char *const whole[]) {
    enum { LONGEST = 130, AROUND = 64, ROOM = 320 }; /* ROOM keeps both aligned */
    _Alignas(GELU_FAST_STREAMING_ALIGNMENT) static char out[OUTPUT_LIMIT][ROOM * sizeof(double)];
    const size_t size = kinds[kind].size;
    const int inputs = gelu_fast_functions[function].inputs;
    const int outputs = gelu_fast_functions[function].outputs;
    gelu_fast_kernel *const kernel = find_kernel(function, kind);
    for (size_t length = 0; length <= LONGEST; length++)
        for (int streams = 0; streams <= 1; streams++) {
            const size_t start = length * 37 % 1000;
            char *operands[INPUT_LIMIT + OUTPUT_LIMIT];
            memset(out, 0x5a, sizeof out);
            for (int k = 0; k < inputs; k++)
                operands[k] = whole[k] + start * size;
            for (int k = 0; k < outputs; k++)
                operands[inputs + k] = out[k] + AROUND * size;
            kernel(operands, GELU_FAST_AHEAD, length, streams);
            for (int k = 0; k < outputs; k++) {
                if (memcmp(operands[inputs + k], whole[inputs + k] + start * size, length * size))
                    fail(isa, function, kind, "the bits depend on the length", (double)length, 0);
                for (size_t i = 0; i < (length + 2 * AROUND) * size; i++)
                    if ((i < AROUND * size || i >= (AROUND + length) * size) && out[k][i] != 0x5a)
                        fail(isa, function, kind, "written outside", (double)length, (double)i);
            }
        }
}

/* Rows through the generalized loop, with gaps, from the last row to the first: short ones, which
 * share a buffer, and longer ones; contiguous, or every second element. */
static void check_rows(const char *isa, int function, int kind, char *const whole[]) {
    enum { ROWS = 9, LONGEST = 130, GAP = 3 };
    static char out[OUTPUT_LIMIT][2 * ROWS * (LONGEST + GAP) * sizeof(double)];
    static const intptr_t lengths[] = {1, 5, 31, 63, 64, 65, LONGEST};
    const intptr_t size = (intptr_t)kinds[kind].size;
    const int inputs = gelu_fast_functions[function].inputs;
    const int outputs = gelu_fast_functions[function].outputs, end = inputs + outputs;
    for (size_t which = 0; which < 2 * sizeof lengths / sizeof lengths[0]; which++) {
        const intptr_t n = lengths[which / 2], step = 1 + (intptr_t)(which % 2), row = n + GAP;
        const intptr_t dimensions[] = {ROWS, n};
        intptr_t steps[2 * (INPUT_LIMIT + OUTPUT_LIMIT)];
        char *operands[INPUT_LIMIT + OUTPUT_LIMIT];
        memset(out, 0x5a, sizeof out);
        for (int k = 0; k < end; k++) {
            const intptr_t apart = k < inputs ? 1 : step;
            operands[k] =
                (k < inputs ? whole[k] : out[k - inputs]) + (ROWS - 1) * row * apart * size;
            steps[k] = -row * apart * size;
            steps[end + k] = apart * size;
        }
        gelu_fast_generalized_ufunc_loop(operands, dimensions, steps, loop_of(function, kind));
        for (int k = 0; k < outputs; k++)
            for (intptr_t i = 0; i < (intptr_t)sizeof out[k] / size; i++) {
                const intptr_t element = i / step;
                const int is_result = i % step == 0 && element < ROWS * row && element % row < n;
                const char *const found = out[k] + i * size;
                if (is_result ? memcmp(found, whole[inputs + k] + element * size, (size_t)size) != 0
                              : *found != 0x5a || memcmp(found, found + 1, (size_t)size - 1) != 0)
                    fail(isa, function, kind, "another result or place in rows", (double)n,
                         (double)i);
            }
    }
}

/* Every length, in place and not, with nothing written out of bounds. */
static void check_look_up(const char *isa) {
    enum { LONGEST = 260, AROUND = 64, ENTRIES = 256 };
    uint8_t table[ENTRIES], x[LONGEST], out[AROUND + LONGEST + AROUND];
    for (size_t i = 0; i < ENTRIES; i++)
        table[i] = (uint8_t)(random_bits() >> 56);
    for (intptr_t length = 0; length <= LONGEST; length++)
        for (int in_place = 0; in_place <= 1; in_place++) {
            uint8_t *const place = out + AROUND - length % 7;
            const intptr_t dimensions[] = {1, ENTRIES, length}, steps[] = {0, 0, 0, 1, 1, 1};
            for (size_t i = 0; i < LONGEST; i++)
                x[i] = (uint8_t)(random_bits() >> 56);
            memset(out, 0x5a, sizeof out);
            memcpy(place, x, in_place ? (size_t)length : 0);
            char *operands[] = {(char *)table, (char *)(in_place ? place : x), (char *)place};
            gelu_fast_look_up_loop(operands, dimensions, steps, NULL);
            for (intptr_t i = 0; i < (intptr_t)sizeof out; i++) {
                const intptr_t element = i - (place - out);
                const int is_result = element >= 0 && element < length;
                if (out[i] != (is_result ? table[x[element]] : 0x5a) && failures++ < 20)
                    printf("FAILED: %s look-up of %d: byte %d\n", isa, (int)length, (int)element);
            }
        }
}

static void check_function(int function, int kind, char *const operands[], char *const first[]) {
    const size_t bytes = COUNT * kinds[kind].size;
    const int inputs = gelu_fast_functions[function].inputs;
    const char *isa;
    int compared = 0;
    for (int k = 0; (isa = isa_to_check(k)) != NULL; k++) {
        gelu_fast_set_isa(isa);
        find_kernel(function, kind)(operands, GELU_FAST_AHEAD, COUNT, 0);
        if (has_reference(function))
            check_accuracy(isa, function, kind, operands[0], operands[1]);
        check_lengths(isa, function, kind, operands);
        if (gelu_fast_functions[function].takes_rows)
            check_rows(isa, function, kind, operands);
        if (!promises_bits(isa, kind))
            continue;
        for (int out = 0; out < gelu_fast_functions[function].outputs; out++)
            if (compared == 0)
                memcpy(first[out], operands[inputs + out], bytes);
            else if (memcmp(first[out], operands[inputs + out], bytes) != 0)
                fail(isa, function, kind, "differs from the first ISA", 0, 0);
        compared++;
    }
}

int main(int argc, char **argv) {
    only_isa = argc > 1 ? argv[1] : NULL;
    char *const x = malloc(2 * COUNT * 8), *y[OUTPUT_LIMIT], *first[OUTPUT_LIMIT];
    for (int k = 0; k < OUTPUT_LIMIT; k++) {
        y[k] = malloc(COUNT * 8);
        first[k] = malloc(COUNT * 8);
        if (x == NULL || y[k] == NULL || first[k] == NULL)
            return 1;
    }
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const size_t bytes = COUNT * kinds[kind].size;
        fill(x, kind);
        memcpy(x + bytes, x, bytes); /* so that a rotation of the values is an offset into x */
        for (int function = 0; function < FUNCTION_COUNT; function++) {
            if (find_kernel(function, kind) == NULL)
                continue;
            const size_t inputs = (size_t)gelu_fast_functions[function].inputs;
            char *operands[INPUT_LIMIT + OUTPUT_LIMIT] = {NULL};
            for (size_t k = 0; k < inputs; k++) /* other values than x's, in the same place */
                operands[k] = x + COUNT * k / INPUT_LIMIT * kinds[kind].size;
            for (int k = 0; k < gelu_fast_functions[function].outputs; k++)
                operands[inputs + (size_t)k] = y[k];
            check_function(function, kind, operands, first);
        }
    }
    free(x);
    for (int k = 0; k < OUTPUT_LIMIT; k++) {
        free(y[k]);
        free(first[k]);
    }
    const char *isa;
    for (int k = 0; (isa = isa_to_check(k)) != NULL; k++) {
        gelu_fast_set_isa(isa);
        check_look_up(isa);
    }
    failures += abs(hash_bits());
    printf("%d failed\n", failures);
    return failures != 0;
}
