/* The vector vocabulary over AVX-512 F, BW, DQ and VL: 16 float32 or 8 float64 lanes.
 * src/isa/README.md says what each name must do. */
#ifndef GELU_FAST_ISA_AVX512_H
#define GELU_FAST_ISA_AVX512_H

#include <immintrin.h>
#include <stdint.h>

/* ---- float32 ---- */

typedef __m512 f32_vector;
typedef __mmask16 f32_mask;
#define F32_LANES 16

static inline f32_vector f32_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void f32_store(float *p, f32_vector v) { _mm512_storeu_ps(p, v); }
static inline f32_vector f32_broadcast(float s) { return _mm512_set1_ps(s); }

static inline f32_vector f32_add(f32_vector a, f32_vector b) { return _mm512_add_ps(a, b); }
static inline f32_vector f32_subtract(f32_vector a, f32_vector b) { return _mm512_sub_ps(a, b); }
static inline f32_vector f32_multiply(f32_vector a, f32_vector b) { return _mm512_mul_ps(a, b); }
static inline f32_vector f32_divide(f32_vector a, f32_vector b) { return _mm512_div_ps(a, b); }
static inline f32_vector f32_fma(f32_vector a, f32_vector b, f32_vector c) {
    return _mm512_fmadd_ps(a, b, c);
}
static inline f32_vector f32_fms(f32_vector a, f32_vector b, f32_vector c) {
    return _mm512_fmsub_ps(a, b, c);
}
static inline f32_vector f32_fnma(f32_vector a, f32_vector b, f32_vector c) {
    return _mm512_fnmadd_ps(a, b, c);
}
#define f32_multiply_add f32_fma

static inline f32_vector f32_magnitude_up_to(f32_vector x, float bound) {
    return _mm512_range_ps(x, _mm512_set1_ps(bound), 2 | 2 << 2);
}
static inline f32_vector f32_positive_part(f32_vector x) {
    /* vmaxps returns its second operand when both are zero or one is NaN. */
    return _mm512_max_ps(_mm512_set1_ps(-0.0f), x);
}
static inline f32_vector f32_low_bits_to_exponent(f32_vector v) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(v), 23));
}

static inline f32_mask f32_less(f32_vector a, f32_vector b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
}
static inline f32_mask f32_is_negative(f32_vector x) {
    return _mm512_movepi32_mask(_mm512_castps_si512(x));
}
static inline f32_mask f32_is_nan(f32_vector x) { return _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q); }
static inline f32_vector f32_select(f32_mask m, f32_vector yes, f32_vector no) {
    return _mm512_mask_blend_ps(m, no, yes);
}

/* ---- float16 and bfloat16, widened to float32 lanes ---- */

static inline f32_vector f32_load_f16(const uint16_t *p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
}
static inline void f32_store_f16(uint16_t *p, f32_vector v) {
    _mm256_storeu_si256((__m256i *)p, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
static inline f32_vector f32_load_bf16(const uint16_t *p) {
    const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}
static inline void f32_store_bf16(uint16_t *p, f32_vector v) {
    /* AVX512_BF16 would do this in one instruction, but flushes subnormals. */
    const __m512i bits = _mm512_castps_si512(v);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i half = _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff));
    const __m512i rounded = _mm512_add_epi32(bits, half);
    const __m512i result =
        _mm512_mask_or_epi32(rounded, f32_is_nan(v), bits, _mm512_set1_epi32(0x400000));
    _mm256_storeu_si256((__m256i *)p, _mm512_cvtepi32_epi16(_mm512_srli_epi32(result, 16)));
}

/* ---- float64 ---- */

typedef __m512d f64_vector;
typedef __mmask8 f64_mask;
#define F64_LANES 8

static inline f64_vector f64_load(const double *p) { return _mm512_loadu_pd(p); }
static inline void f64_store(double *p, f64_vector v) { _mm512_storeu_pd(p, v); }
static inline f64_vector f64_broadcast(double s) { return _mm512_set1_pd(s); }

static inline f64_vector f64_add(f64_vector a, f64_vector b) { return _mm512_add_pd(a, b); }
static inline f64_vector f64_subtract(f64_vector a, f64_vector b) { return _mm512_sub_pd(a, b); }
static inline f64_vector f64_multiply(f64_vector a, f64_vector b) { return _mm512_mul_pd(a, b); }
static inline f64_vector f64_divide(f64_vector a, f64_vector b) { return _mm512_div_pd(a, b); }
static inline f64_vector f64_fma(f64_vector a, f64_vector b, f64_vector c) {
    return _mm512_fmadd_pd(a, b, c);
}
static inline f64_vector f64_fms(f64_vector a, f64_vector b, f64_vector c) {
    return _mm512_fmsub_pd(a, b, c);
}
static inline f64_vector f64_fnma(f64_vector a, f64_vector b, f64_vector c) {
    return _mm512_fnmadd_pd(a, b, c);
}
#define f64_multiply_add f64_fma

static inline f64_vector f64_magnitude_up_to(f64_vector x, double bound) {
    const __m512i magnitude =
        _mm512_and_si512(_mm512_castpd_si512(x), _mm512_set1_epi64(INT64_MAX));
    const __m512i limit = _mm512_castpd_si512(_mm512_set1_pd(bound));
    return _mm512_castsi512_pd(_mm512_min_epi64(magnitude, limit));
}
static inline f64_vector f64_positive_part(f64_vector x) {
    return _mm512_max_pd(_mm512_set1_pd(-0.0), x);
}
static inline f64_vector f64_low_bits_to_exponent(f64_vector v) {
    return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(v), 52));
}

static inline f64_mask f64_less(f64_vector a, f64_vector b) {
    return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ);
}
static inline f64_mask f64_is_negative(f64_vector x) {
    return _mm512_movepi64_mask(_mm512_castpd_si512(x));
}
static inline f64_mask f64_is_nan(f64_vector x) { return _mm512_cmp_pd_mask(x, x, _CMP_UNORD_Q); }
static inline f64_vector f64_select(f64_mask m, f64_vector yes, f64_vector no) {
    return _mm512_mask_blend_pd(m, no, yes);
}

#endif
