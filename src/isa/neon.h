/* The vector vocabulary over AArch64 NEON: 4 float32 or 2 float64 lanes.
 * src/isa/README.md says what each name must do. */
#ifndef GELU_FAST_ISA_NEON_H
#define GELU_FAST_ISA_NEON_H

#include <arm_neon.h>
#include <stdint.h>

/* ---- float32 ---- */

typedef float32x4_t r32_vector;
typedef uint32x4_t r32_mask;
enum { r32_lanes = 4 };

static inline r32_vector r32_load(const void *p) { return vld1q_f32(p); }
static inline void r32_store(void *p, r32_vector v) { vst1q_f32(p, v); }
static inline r32_vector r32_broadcast(float s) { return vdupq_n_f32(s); }

static inline r32_vector r32_add(r32_vector a, r32_vector b) { return vaddq_f32(a, b); }
static inline r32_vector r32_subtract(r32_vector a, r32_vector b) { return vsubq_f32(a, b); }
static inline r32_vector r32_multiply(r32_vector a, r32_vector b) { return vmulq_f32(a, b); }
static inline r32_vector r32_divide(r32_vector a, r32_vector b) { return vdivq_f32(a, b); }
static inline r32_vector r32_fma(r32_vector a, r32_vector b, r32_vector c) {
    return vfmaq_f32(c, a, b);
}
static inline r32_vector r32_fms(r32_vector a, r32_vector b, r32_vector c) {
    return vfmaq_f32(vnegq_f32(c), a, b);
}
static inline r32_vector r32_fnma(r32_vector a, r32_vector b, r32_vector c) {
    return vfmsq_f32(c, a, b);
}

static inline r32_vector r32_magnitude_up_to(r32_vector x, float bound) {
    /* Non-negative floats order as integers do, and NaN lies above them all. */
    const uint32x4_t magnitude = vreinterpretq_u32_f32(vabsq_f32(x));
    const uint32x4_t limit = vreinterpretq_u32_f32(vdupq_n_f32(bound));
    return vreinterpretq_f32_u32(vminq_u32(magnitude, limit));
}
static inline r32_vector r32_positive_part(r32_vector x) {
    /* fmax orders -0 below +0 and keeps NaN. */
    return vmaxq_f32(vdupq_n_f32(-0.0f), x);
}
static inline r32_vector r32_multiply_by_power(r32_vector v, r32_vector power) {
    const uint32x4_t exponent = vshlq_n_u32(vreinterpretq_u32_f32(power), 23);
    return vreinterpretq_f32_u32(vaddq_u32(vreinterpretq_u32_f32(v), exponent));
}
static inline r32_vector r32_divide_by_power(r32_vector v, r32_vector power) {
    const uint32x4_t exponent = vshlq_n_u32(vreinterpretq_u32_f32(power), 23);
    return vreinterpretq_f32_u32(vsubq_u32(vreinterpretq_u32_f32(v), exponent));
}

static inline r32_mask r32_less(r32_vector a, r32_vector b) { return vcltq_f32(a, b); }
static inline r32_mask r32_is_nan(r32_vector x) { return vmvnq_u32(vceqq_f32(x, x)); }
static inline r32_vector r32_select(r32_mask m, r32_vector yes, r32_vector no) {
    return vbslq_f32(m, yes, no);
}
static inline r32_mask r32_is_below_zero(r32_vector x) {
    /* As integers: the comparisons of floats raise a flag for a quiet NaN. */
    return vcgtq_u32(vreinterpretq_u32_f32(x), vdupq_n_u32(0x80000000));
}
static inline r32_vector r32_step(r32_vector x) {
    const r32_vector one = vbslq_f32(r32_is_below_zero(x), vdupq_n_f32(0), vdupq_n_f32(1));
    return vbslq_f32(r32_is_nan(x), x, one);
}
static inline r32_vector r32_negate_unless_negative(r32_vector v, r32_vector x) {
    return vbslq_f32(r32_is_below_zero(x), v, vnegq_f32(v));
}

/* ---- float16, widened to float32 lanes ---- */

static inline r32_vector r32_load_f16(const void *p) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}
static inline void r32_store_f16(void *p, r32_vector v) {
    vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v)));
}

/* ---- bfloat16, widened to float32 lanes ---- */

static inline void r32_load_pair_bf16(const void *p, r32_vector *first, r32_vector *second) {
    const uint16x8_t both = vld1q_u16(p);
    *first = vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(both), 16));
    *second = vreinterpretq_f32_u32(vshll_high_n_u16(both, 16));
}
static inline uint32x4_t r32_round_to_bf16(r32_vector v) {
    /* A NaN's low half is zero, so that it stays what it is. */
    const uint32x4_t bits = vreinterpretq_u32_f32(v);
    const uint32x4_t is_odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    return vaddq_u32(vaddq_u32(bits, vdupq_n_u32(0x7fff)), is_odd);
}
static inline uint32x4_t r32_round_to_bf16_half_up(r32_vector v) {
    const uint32x4_t bits = vreinterpretq_u32_f32(v);
    return vsraq_n_u32(vaddq_u32(bits, vdupq_n_u32(0x7fff)), vmvnq_u32(bits), 31);
}
static inline uint16x8_t r32_pair_to_bf16(uint32x4_t first, uint32x4_t second) {
    return vshrn_high_n_u32(vshrn_n_u32(first, 16), second, 16);
}
static inline void r32_store_pair_bf16(void *p, r32_vector first, r32_vector second) {
    vst1q_u16(p, r32_pair_to_bf16(r32_round_to_bf16(first), r32_round_to_bf16(second)));
}
static inline void r32_store_pair_bf16_half_up(void *p, r32_vector first, r32_vector second) {
    vst1q_u16(
        p, r32_pair_to_bf16(r32_round_to_bf16_half_up(first), r32_round_to_bf16_half_up(second)));
}

/* ---- float64 ---- */

typedef float64x2_t r64_vector;
typedef uint64x2_t r64_mask;
enum { r64_lanes = 2 };

static inline r64_vector r64_load(const void *p) { return vld1q_f64(p); }
static inline void r64_store(void *p, r64_vector v) { vst1q_f64(p, v); }
static inline r64_vector r64_load_f32(const void *p) { return vcvt_f64_f32(vld1_f32(p)); }
static inline void r64_store_f32(void *p, r64_vector v) { vst1_f32(p, vcvt_f32_f64(v)); }
static inline r64_vector r64_broadcast(double s) { return vdupq_n_f64(s); }

static inline r64_vector r64_add(r64_vector a, r64_vector b) { return vaddq_f64(a, b); }
static inline r64_vector r64_subtract(r64_vector a, r64_vector b) { return vsubq_f64(a, b); }
static inline r64_vector r64_multiply(r64_vector a, r64_vector b) { return vmulq_f64(a, b); }
static inline r64_vector r64_divide(r64_vector a, r64_vector b) { return vdivq_f64(a, b); }
static inline r64_vector r64_fma(r64_vector a, r64_vector b, r64_vector c) {
    return vfmaq_f64(c, a, b);
}
static inline r64_vector r64_fms(r64_vector a, r64_vector b, r64_vector c) {
    return vfmaq_f64(vnegq_f64(c), a, b);
}
static inline r64_vector r64_fnma(r64_vector a, r64_vector b, r64_vector c) {
    return vfmsq_f64(c, a, b);
}

static inline r64_vector r64_magnitude_up_to(r64_vector x, double bound) {
    /* NEON has no 64-bit integer minimum, but it compares 64-bit integers. */
    const uint64x2_t magnitude = vreinterpretq_u64_f64(vabsq_f64(x));
    const uint64x2_t limit = vreinterpretq_u64_f64(vdupq_n_f64(bound));
    return vreinterpretq_f64_u64(vbslq_u64(vcltq_u64(magnitude, limit), magnitude, limit));
}
static inline r64_vector r64_positive_part(r64_vector x) { return vmaxq_f64(vdupq_n_f64(-0.0), x); }
static inline r64_vector r64_multiply_by_power(r64_vector v, r64_vector power) {
    const uint64x2_t exponent = vshlq_n_u64(vreinterpretq_u64_f64(power), 52);
    return vreinterpretq_f64_u64(vaddq_u64(vreinterpretq_u64_f64(v), exponent));
}
static inline r64_vector r64_divide_by_power(r64_vector v, r64_vector power) {
    const uint64x2_t exponent = vshlq_n_u64(vreinterpretq_u64_f64(power), 52);
    return vreinterpretq_f64_u64(vsubq_u64(vreinterpretq_u64_f64(v), exponent));
}

static inline r64_vector r64_copy_sign(r64_vector v, r64_vector x) {
    return vbslq_f64(vdupq_n_u64(0x8000000000000000), x, v);
}

static inline r64_mask r64_less(r64_vector a, r64_vector b) { return vcltq_f64(a, b); }
static inline r64_mask r64_is_nan(r64_vector x) {
    return vreinterpretq_u64_u32(vmvnq_u32(vreinterpretq_u32_u64(vceqq_f64(x, x))));
}
static inline r64_vector r64_select(r64_mask m, r64_vector yes, r64_vector no) {
    return vbslq_f64(m, yes, no);
}
static inline r64_mask r64_is_below_zero(r64_vector x) {
    /* As integers: the comparisons of floats raise a flag for a quiet NaN. */
    return vcgtq_u64(vreinterpretq_u64_f64(x), vdupq_n_u64(UINT64_C(0x8000000000000000)));
}
static inline r64_vector r64_step(r64_vector x) {
    const r64_vector one = vbslq_f64(r64_is_below_zero(x), vdupq_n_f64(0), vdupq_n_f64(1));
    return vbslq_f64(r64_is_nan(x), x, one);
}
static inline r64_vector r64_negate_unless_negative(r64_vector v, r64_vector x) {
    return vbslq_f64(r64_is_below_zero(x), v, vnegq_f64(v));
}

/* ---- bytes ---- */

typedef uint8x16_t b8_vector;
enum { b8_lanes = 16 };

static inline b8_vector b8_load(const uint8_t *p) { return vld1q_u8(p); }
static inline void b8_store(uint8_t *p, b8_vector v) { vst1q_u8(p, v); }

typedef struct {
    uint8x16x4_t quarters[4];
} b8_table;
static inline void b8_prepare(b8_table *prepared, const uint8_t *table) {
    for (int i = 0; i < 4; i++)
        prepared->quarters[i] = vld1q_u8_x4(table + 64 * i);
}
static inline b8_vector b8_look_up(const b8_table *table, b8_vector x) {
    b8_vector found = vqtbl4q_u8(table->quarters[0], x); /* 0 beyond the quarter */
    for (int i = 1; i < 4; i++)
        found = vqtbx4q_u8(found, table->quarters[i], vsubq_u8(x, vdupq_n_u8((uint8_t)(64 * i))));
    return found;
}

/* Of 32 registers four would fit, but no NEON core has timed it yet. */
#define REGISTERS_PER_VECTOR 2
#include "pairs.h"

#endif
