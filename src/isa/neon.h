/* The vector vocabulary over AArch64 NEON: 4 float32 or 2 float64 lanes.
 * src/isa/README.md says what each name must do. */
#ifndef GELU_FAST_ISA_NEON_H
#define GELU_FAST_ISA_NEON_H

#include <arm_neon.h>
#include <stdint.h>

/* ---- float32 ---- */

typedef float32x4_t f32_vector;
typedef uint32x4_t f32_mask;
#define F32_LANES 4

static inline f32_vector f32_load(const float *p) { return vld1q_f32(p); }
static inline void f32_store(float *p, f32_vector v) { vst1q_f32(p, v); }
static inline f32_vector f32_broadcast(float s) { return vdupq_n_f32(s); }

static inline f32_vector f32_add(f32_vector a, f32_vector b) { return vaddq_f32(a, b); }
static inline f32_vector f32_subtract(f32_vector a, f32_vector b) { return vsubq_f32(a, b); }
static inline f32_vector f32_multiply(f32_vector a, f32_vector b) { return vmulq_f32(a, b); }
static inline f32_vector f32_divide(f32_vector a, f32_vector b) { return vdivq_f32(a, b); }
static inline f32_vector f32_fma(f32_vector a, f32_vector b, f32_vector c) {
    return vfmaq_f32(c, a, b);
}
static inline f32_vector f32_fms(f32_vector a, f32_vector b, f32_vector c) {
    return vfmaq_f32(vnegq_f32(c), a, b);
}
static inline f32_vector f32_fnma(f32_vector a, f32_vector b, f32_vector c) {
    return vfmsq_f32(c, a, b);
}
#define f32_multiply_add f32_fma

static inline f32_vector f32_magnitude_up_to(f32_vector x, float bound) {
    /* Non-negative floats order as integers do, and NaN lies above them all. */
    const uint32x4_t magnitude = vreinterpretq_u32_f32(vabsq_f32(x));
    const uint32x4_t limit = vreinterpretq_u32_f32(vdupq_n_f32(bound));
    return vreinterpretq_f32_u32(vminq_u32(magnitude, limit));
}
static inline f32_vector f32_positive_part(f32_vector x) {
    /* fmax orders -0 below +0 and keeps NaN. */
    return vmaxq_f32(vdupq_n_f32(-0.0f), x);
}
static inline f32_vector f32_low_bits_to_exponent(f32_vector v) {
    return vreinterpretq_f32_u32(vshlq_n_u32(vreinterpretq_u32_f32(v), 23));
}

static inline f32_mask f32_less(f32_vector a, f32_vector b) { return vcltq_f32(a, b); }
static inline f32_mask f32_is_negative(f32_vector x) {
    return vcltzq_s32(vreinterpretq_s32_f32(x));
}
static inline f32_mask f32_is_nan(f32_vector x) { return vmvnq_u32(vceqq_f32(x, x)); }
static inline f32_vector f32_select(f32_mask m, f32_vector yes, f32_vector no) {
    return vbslq_f32(m, yes, no);
}

/* ---- float16 and bfloat16, widened to float32 lanes ---- */

static inline f32_vector f32_load_f16(const uint16_t *p) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}
static inline void f32_store_f16(uint16_t *p, f32_vector v) {
    vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v)));
}
static inline f32_vector f32_load_bf16(const uint16_t *p) {
    return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16));
}
static inline void f32_store_bf16(uint16_t *p, f32_vector v) {
    const uint32x4_t bits = vreinterpretq_u32_f32(v);
    const uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    const uint32x4_t rounded = vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff)));
    const uint32x4_t quiet = vorrq_u32(bits, vdupq_n_u32(0x400000));
    vst1_u16(p, vshrn_n_u32(vbslq_u32(f32_is_nan(v), quiet, rounded), 16));
}

/* ---- float64 ---- */

typedef float64x2_t f64_vector;
typedef uint64x2_t f64_mask;
#define F64_LANES 2

static inline f64_vector f64_load(const double *p) { return vld1q_f64(p); }
static inline void f64_store(double *p, f64_vector v) { vst1q_f64(p, v); }
static inline f64_vector f64_broadcast(double s) { return vdupq_n_f64(s); }

static inline f64_vector f64_add(f64_vector a, f64_vector b) { return vaddq_f64(a, b); }
static inline f64_vector f64_subtract(f64_vector a, f64_vector b) { return vsubq_f64(a, b); }
static inline f64_vector f64_multiply(f64_vector a, f64_vector b) { return vmulq_f64(a, b); }
static inline f64_vector f64_divide(f64_vector a, f64_vector b) { return vdivq_f64(a, b); }
static inline f64_vector f64_fma(f64_vector a, f64_vector b, f64_vector c) {
    return vfmaq_f64(c, a, b);
}
static inline f64_vector f64_fms(f64_vector a, f64_vector b, f64_vector c) {
    return vfmaq_f64(vnegq_f64(c), a, b);
}
static inline f64_vector f64_fnma(f64_vector a, f64_vector b, f64_vector c) {
    return vfmsq_f64(c, a, b);
}
#define f64_multiply_add f64_fma

static inline f64_vector f64_magnitude_up_to(f64_vector x, double bound) {
    /* NEON has no 64-bit integer minimum, but it compares 64-bit integers. */
    const uint64x2_t magnitude = vreinterpretq_u64_f64(vabsq_f64(x));
    const uint64x2_t limit = vreinterpretq_u64_f64(vdupq_n_f64(bound));
    return vreinterpretq_f64_u64(vbslq_u64(vcltq_u64(magnitude, limit), magnitude, limit));
}
static inline f64_vector f64_positive_part(f64_vector x) { return vmaxq_f64(vdupq_n_f64(-0.0), x); }
static inline f64_vector f64_low_bits_to_exponent(f64_vector v) {
    return vreinterpretq_f64_u64(vshlq_n_u64(vreinterpretq_u64_f64(v), 52));
}

static inline f64_mask f64_less(f64_vector a, f64_vector b) { return vcltq_f64(a, b); }
static inline f64_mask f64_is_negative(f64_vector x) {
    return vcltzq_s64(vreinterpretq_s64_f64(x));
}
static inline f64_mask f64_is_nan(f64_vector x) {
    return vreinterpretq_u64_u32(vmvnq_u32(vreinterpretq_u32_u64(vceqq_f64(x, x))));
}
static inline f64_vector f64_select(f64_mask m, f64_vector yes, f64_vector no) {
    return vbslq_f64(m, yes, no);
}

#endif
