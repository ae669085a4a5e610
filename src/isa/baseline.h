/* The vector vocabulary in portable C, one lane: any compiler, any architecture.
 * src/isa/README.md says what each name must do.
 *
 * Where the compiler has a hardware fma (FP_FAST_FMA), the results are the bits of the other ISAs.
 * Elsewhere fma() would be a slow library call, so a product and a sum stand in for it: for float32
 * in double, which holds every product exactly; for float64 with the error-free product of Dekker
 * (Numerische Mathematik 18, 1971) and the error-free sum of Knuth (TAOCP 2, 4.2.2), which is
 * within 2^-52 of the fused result. The error bounds hold; the last bit may differ. */
#ifndef GELU_FAST_ISA_BASELINE_H
#define GELU_FAST_ISA_BASELINE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- float32 ---- */

typedef float f32_vector;
typedef uint32_t f32_mask; /* all bits or none: compilers vectorize that, not branches */
enum { f32_lanes = 1 };

static inline uint32_t f32_bits(float v) {
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}
static inline float f32_from_bits(uint32_t bits) {
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static inline f32_vector f32_load(const void *p) { return *(const float *)p; }
static inline void f32_store(void *p, f32_vector v) { *(float *)p = v; }
static inline f32_vector f32_broadcast(float s) { return s; }

static inline f32_vector f32_add(f32_vector a, f32_vector b) { return a + b; }
static inline f32_vector f32_subtract(f32_vector a, f32_vector b) { return a - b; }
static inline f32_vector f32_multiply(f32_vector a, f32_vector b) { return a * b; }
static inline f32_vector f32_divide(f32_vector a, f32_vector b) { return a / b; }
#ifdef FP_FAST_FMAF
static inline f32_vector f32_fma(f32_vector a, f32_vector b, f32_vector c) { return fmaf(a, b, c); }
#else
static inline f32_vector f32_fma(f32_vector a, f32_vector b, f32_vector c) {
    return (float)((double)a * b + c);
}
#endif
#define f32_multiply_add f32_fma
static inline f32_vector f32_fms(f32_vector a, f32_vector b, f32_vector c) {
    return f32_fma(a, b, -c);
}
static inline f32_vector f32_fnma(f32_vector a, f32_vector b, f32_vector c) {
    return f32_fma(-a, b, c);
}

static inline f32_vector f32_magnitude_up_to(f32_vector x, float bound) {
    /* Non-negative floats order as integers do, and NaN lies above them all. */
    const uint32_t magnitude = f32_bits(x) & INT32_MAX;
    const uint32_t limit = f32_bits(bound);
    return f32_from_bits(magnitude < limit ? magnitude : limit);
}
static inline f32_vector f32_multiply_by_power(f32_vector v, f32_vector power) {
    return f32_from_bits(f32_bits(v) + (f32_bits(power) << 23));
}
static inline f32_vector f32_divide_by_power(f32_vector v, f32_vector power) {
    return f32_from_bits(f32_bits(v) - (f32_bits(power) << 23));
}

static inline f32_mask f32_less(f32_vector a, f32_vector b) { return -(f32_mask)(a < b); }
static inline f32_mask f32_is_nan(f32_vector x) { return -(f32_mask)(x != x); }
static inline f32_vector f32_select(f32_mask m, f32_vector yes, f32_vector no) {
    return f32_from_bits((f32_bits(yes) & m) | (f32_bits(no) & ~m));
}
static inline f32_vector f32_positive_part(f32_vector x) {
    return f32_select(f32_less(x, 0), -0.0f, x);
}
static inline f32_mask f32_is_below_zero(f32_vector x) {
    return -(f32_mask)(f32_bits(x) > 0x80000000); /* as integers, or a NaN would raise a flag */
}
static inline f32_vector f32_step(f32_vector x) {
    return f32_select(f32_is_nan(x), x, f32_select(f32_is_below_zero(x), -0.0f, 1));
}
static inline f32_vector f32_negate_unless_negative(f32_vector v, f32_vector x) {
    return f32_select(f32_is_below_zero(x), v, -v);
}

/* ---- float16 and bfloat16, widened to float32 lanes ---- */

static inline f32_vector f32_load_f16(const void *p) {
    const uint32_t half = *(const uint16_t *)p;
    const uint32_t sign = (half & 0x8000) << 16;
    const uint32_t magnitude = (half & 0x7fff) << 13;
    if (magnitude >= 0x7c00u << 13) /* infinity or NaN */
        return f32_from_bits(sign | 0x7f800000 | magnitude);
    /* The exponent bias goes from 15 to 127 by one exact product, subnormals included. */
    return f32_from_bits(sign | f32_bits(f32_from_bits(magnitude) * 0x1p112f));
}
/* By a product: feraiseexcept would set the flag in the x87 unit too, where floating_point_end does not
 * look, and its numbers are not everywhere the processor's. */
static inline void raise_overflow(void) {
    volatile float large = 0x1p100f;
    large = large * large;
}
static inline void f32_store_f16(void *p, f32_vector v) {
    const uint32_t sign = f32_bits(v) >> 16 & 0x8000;
    const uint32_t magnitude = f32_bits(v) & INT32_MAX;
    uint32_t half;
    if (magnitude > 0x7f800000) { /* NaN: quiet, the payload's upper bits kept */
        half = 0x7e00 | (magnitude >> 13 & 0x3ff);
    } else if (magnitude >= 0x477ff000) { /* 65520 and more round to infinity */
        half = 0x7c00;
        if (magnitude < 0x7f800000)
            raise_overflow();
    } else if (magnitude < 0x38800000) { /* below 2^-14 the sum rounds at 2^-24 */
        half = f32_bits(f32_from_bits(magnitude) + 0.5f) - f32_bits(0.5f);
    } else { /* round to nearest, ties to even, and change the bias */
        half = (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
    }
    *(uint16_t *)p = (uint16_t)(sign | half);
}
static inline f32_vector f32_load_bf16(const void *p) {
    return f32_from_bits((uint32_t) * (const uint16_t *)p << 16);
}
static inline void f32_store_bf16(void *p, f32_vector v) {
    /* A NaN's low half is zero, so that it stays what it is. */
    const uint32_t bits = f32_bits(v);
    *(uint16_t *)p = (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
static inline void f32_store_bf16_half_up(void *p, f32_vector v) {
    const uint32_t bits = f32_bits(v);
    *(uint16_t *)p = (uint16_t)((bits + 0x8000 - (bits >> 31)) >> 16);
}

/* ---- float64 ---- */

typedef double f64_vector;
typedef uint64_t f64_mask; /* all bits or none: compilers vectorize that, not branches */
enum { f64_lanes = 1 };

static inline uint64_t f64_bits(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}
static inline double f64_from_bits(uint64_t bits) {
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static inline f64_vector f64_load(const void *p) { return *(const double *)p; }
static inline void f64_store(void *p, f64_vector v) { *(double *)p = v; }
static inline f64_vector f64_load_f32(const void *p) { return *(const float *)p; }
static inline void f64_store_f32(void *p, f64_vector v) { *(float *)p = (float)v; }
static inline f64_vector f64_broadcast(double s) { return s; }

static inline f64_vector f64_add(f64_vector a, f64_vector b) { return a + b; }
static inline f64_vector f64_subtract(f64_vector a, f64_vector b) { return a - b; }
static inline f64_vector f64_multiply(f64_vector a, f64_vector b) { return a * b; }
static inline f64_vector f64_divide(f64_vector a, f64_vector b) { return a / b; }
#ifdef FP_FAST_FMA
static inline f64_vector f64_fma(f64_vector a, f64_vector b, f64_vector c) { return fma(a, b, c); }
#define f64_multiply_add f64_fma
#else
static inline f64_vector f64_fma(f64_vector a, f64_vector b, f64_vector c) {
    /* Veltkamp's split into halves of 26 bits. */
    const double a_split = 0x1.0000002p27 * a, b_split = 0x1.0000002p27 * b;
    const double a_high = a_split - (a_split - a), b_high = b_split - (b_split - b);
    const double a_low = a - a_high, b_low = b - b_high;
    const double product = a * b;
    const double product_low =
        a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
    const double sum = product + c;
    const double c_part = sum - product;
    const double sum_low = (product - (sum - c_part)) + (c - c_part);
    return sum + (product_low + sum_low);
}
static inline f64_vector f64_multiply_add(f64_vector a, f64_vector b, f64_vector c) {
    return a * b + c;
}
#endif
static inline f64_vector f64_fms(f64_vector a, f64_vector b, f64_vector c) {
    return f64_fma(a, b, -c);
}
static inline f64_vector f64_fnma(f64_vector a, f64_vector b, f64_vector c) {
    return f64_fma(-a, b, c);
}

static inline f64_vector f64_magnitude_up_to(f64_vector x, double bound) {
    const uint64_t magnitude = f64_bits(x) & INT64_MAX;
    const uint64_t limit = f64_bits(bound);
    return f64_from_bits(magnitude < limit ? magnitude : limit);
}
static inline f64_vector f64_multiply_by_power(f64_vector v, f64_vector power) {
    return f64_from_bits(f64_bits(v) + (f64_bits(power) << 52));
}
static inline f64_vector f64_divide_by_power(f64_vector v, f64_vector power) {
    return f64_from_bits(f64_bits(v) - (f64_bits(power) << 52));
}

static inline f64_vector f64_copy_sign(f64_vector v, f64_vector x) {
    return f64_from_bits((f64_bits(v) & INT64_MAX) | (f64_bits(x) & ~(uint64_t)INT64_MAX));
}

static inline f64_mask f64_less(f64_vector a, f64_vector b) { return -(f64_mask)(a < b); }
static inline f64_mask f64_is_nan(f64_vector x) { return -(f64_mask)(x != x); }
static inline f64_vector f64_select(f64_mask m, f64_vector yes, f64_vector no) {
    return f64_from_bits((f64_bits(yes) & m) | (f64_bits(no) & ~m));
}
static inline f64_vector f64_positive_part(f64_vector x) {
    return f64_select(f64_less(x, 0), -0.0, x);
}
static inline f64_mask f64_is_below_zero(f64_vector x) {
    return -(f64_mask)(f64_bits(x) >
                       0x8000000000000000); /* as integers, or a NaN would raise a flag */
}
static inline f64_vector f64_step(f64_vector x) {
    return f64_select(f64_is_nan(x), x, f64_select(f64_is_below_zero(x), -0.0, 1));
}
static inline f64_vector f64_negate_unless_negative(f64_vector v, f64_vector x) {
    return f64_select(f64_is_below_zero(x), v, -v);
}

/* ---- bytes ---- */

typedef uint8_t b8_vector;
enum { b8_lanes = 1 };

static inline b8_vector b8_load(const uint8_t *p) { return *p; }
static inline void b8_store(uint8_t *p, b8_vector v) { *p = v; }

typedef struct {
    const uint8_t *entries;
} b8_table;
static inline void b8_prepare(b8_table *prepared, const uint8_t *table) {
    prepared->entries = table;
}
static inline b8_vector b8_look_up(const b8_table *table, b8_vector x) { return table->entries[x]; }

#endif
