/* Counts the operations of each kernel on one vector. The kernels are built over the baseline's
 * vocabulary, of which each name counts its calls. Built and run by count_operations.py. */
#include "isa/baseline.h"

#include <stdio.h>

static struct { int fma, add, divide, other; } counts;

/* A macro does not expand inside itself: the names on the right are the functions of baseline.h. */
#ifdef f64_multiply_add
#undef f64_multiply_add
#define f64_multiply_add(a, b, c) f64_fma(a, b, c)
#else
#define f64_multiply_add(a, b, c) (counts.fma++, f64_multiply_add(a, b, c))
#endif
#define f32_multiply(a, b) (counts.fma++, f32_multiply(a, b))
#define f64_multiply(a, b) (counts.fma++, f64_multiply(a, b))
#define f32_fma(a, b, c) (counts.fma++, f32_fma(a, b, c))
#define f64_fma(a, b, c) (counts.fma++, f64_fma(a, b, c))
#define f32_fms(a, b, c) (counts.fma++, f32_fms(a, b, c))
#define f64_fms(a, b, c) (counts.fma++, f64_fms(a, b, c))
#define f32_fnma(a, b, c) (counts.fma++, f32_fnma(a, b, c))
#define f64_fnma(a, b, c) (counts.fma++, f64_fnma(a, b, c))
#define f32_add(a, b) (counts.add++, f32_add(a, b))
#define f64_add(a, b) (counts.add++, f64_add(a, b))
#define f32_subtract(a, b) (counts.add++, f32_subtract(a, b))
#define f64_subtract(a, b) (counts.add++, f64_subtract(a, b))
#define f32_divide(a, b) (counts.divide++, f32_divide(a, b))
#define f64_divide(a, b) (counts.divide++, f64_divide(a, b))
#define f32_magnitude_up_to(x, bound) (counts.other++, f32_magnitude_up_to(x, bound))
#define f64_magnitude_up_to(x, bound) (counts.other++, f64_magnitude_up_to(x, bound))
#define f32_positive_part(x) (counts.other++, f32_positive_part(x))
#define f64_positive_part(x) (counts.other++, f64_positive_part(x))
#define f32_step(x) (counts.other++, f32_step(x))
#define f64_step(x) (counts.other++, f64_step(x))
#define f32_negate_unless_negative(v, x) (counts.other++, f32_negate_unless_negative(v, x))
#define f64_negate_unless_negative(v, x) (counts.other++, f64_negate_unless_negative(v, x))
#define f32_multiply_by_power(v, p) (counts.other++, f32_multiply_by_power(v, p))
#define f64_multiply_by_power(v, p) (counts.other++, f64_multiply_by_power(v, p))
#define f32_divide_by_power(v, p) (counts.other++, f32_divide_by_power(v, p))
#define f64_divide_by_power(v, p) (counts.other++, f64_divide_by_power(v, p))
#define f32_less(a, b) (counts.other++, f32_less(a, b))
#define f64_less(a, b) (counts.other++, f64_less(a, b))
#define f32_is_nan(x) (counts.other++, f32_is_nan(x))
#define f64_is_nan(x) (counts.other++, f64_is_nan(x))
#define f32_select(m, a, b) (counts.other++, f32_select(m, a, b))
#define f64_select(m, a, b) (counts.other++, f64_select(m, a, b))

#define ISA_NAME counted
#include "kernels.inc"

static const char *const functions[FUNCTION_COUNT] = {
#define FUNCTION(number, name, ...) [number] = #name,
#include "functions.def"
};
static const struct {
    const char *name;
    int dtype, tier;
} kinds[] = {
#define DTYPE(id, element, numpy_name, ...) {#numpy_name, DTYPE_##id, TIER_default},
    GELU_FAST_DTYPES(DTYPE, ){"float32 relaxed", DTYPE_f32, TIER_relaxed},
    {"float32 correctly_rounded", DTYPE_f32, TIER_correctly_rounded},
};

int main(void) {
    double operands[5] = {0}; /* as many as any function has */
    char *const pointers[] = {(char *)operands, (char *)(operands + 1), (char *)(operands + 2),
                              (char *)(operands + 3), (char *)(operands + 4)};
    for (int function = 0; function < FUNCTION_COUNT; function++)
        for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
            gelu_fast_kernel *const kernel =
                gelu_fast_kernels_counted.kernels[kinds[kind].tier][function][kinds[kind].dtype];
            if (kernel == NULL)
                continue;
            memset(&counts, 0, sizeof counts);
            kernel(pointers, GELU_FAST_AHEAD, 1, 0);
            printf("%s,%s,%d,%d,%d,%d\n", functions[function], kinds[kind].name, counts.fma,
                   counts.add, counts.divide, counts.other);
        }
    return 0;
}
