/* The vector vocabulary over AVX2, FMA and F16C: 8 float32 or 4 float64 lanes.
 * src/isa/README.md says what each name must do. */
#ifndef GELU_FAST_ISA_AVX2_H
#define GELU_FAST_ISA_AVX2_H

#include <immintrin.h>
#include <stdint.h>

/* ---- float32 ---- */

typedef __m256 f32_vector;
typedef __m256 f32_mask;
#define F32_LANES 8

static inline f32_vector f32_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void f32_store(float *p, f32_vector v) { _mm256_storeu_ps(p, v); }
static inline f32_vector f32_broadcast(float s) { return _mm256_set1_ps(s); }

static inline f32_vector f32_add(f32_vector a, f32_vector b) { return _mm256_add_ps(a, b); }
static inline f32_vector f32_subtract(f32_vector a, f32_vector b) { return _mm256_sub_ps(a, b); }
static inline f32_vector f32_multiply(f32_vector a, f32_vector b) { return _mm256_mul_ps(a, b); }
static inline f32_vector f32_divide(f32_vector a, f32_vector b) { return _mm256_div_ps(a, b); }
static inline f32_vector f32_fma(f32_vector a, f32_vector b, f32_vector c) {
    return _mm256_fmadd_ps(a, b, c);
}
static inline f32_vector f32_fms(f32_vector a, f32_vector b, f32_vector c) {
    return _mm256_fmsub_ps(a, b, c);
}
static inline f32_vector f32_fnma(f32_vector a, f32_vector b, f32_vector c) {
    return _mm256_fnmadd_ps(a, b, c);
}
#define f32_multiply_add f32_fma

static inline f32_vector f32_magnitude_up_to(f32_vector x, float bound) {
    /* Non-negative floats order as integers do, and NaN lies above them all. */
    const __m256i magnitude =
        _mm256_and_si256(_mm256_castps_si256(x), _mm256_set1_epi32(INT32_MAX));
    const __m256i limit = _mm256_castps_si256(_mm256_set1_ps(bound));
    return _mm256_castsi256_ps(_mm256_min_epi32(magnitude, limit));
}
static inline f32_vector f32_positive_part(f32_vector x) {
    /* vmaxps returns its second operand when both are zero or one is NaN. */
    return _mm256_max_ps(_mm256_set1_ps(-0.0f), x);
}
static inline f32_vector f32_low_bits_to_exponent(f32_vector v) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(v), 23));
}

static inline f32_mask f32_less(f32_vector a, f32_vector b) {
    return _mm256_cmp_ps(a, b, _CMP_LT_OQ);
}
static inline f32_mask f32_is_negative(f32_vector x) {
    return x;
} /* blendv reads the sign bit alone */
static inline f32_mask f32_is_nan(f32_vector x) { return _mm256_cmp_ps(x, x, _CMP_UNORD_Q); }
static inline f32_vector f32_select(f32_mask m, f32_vector yes, f32_vector no) {
    return _mm256_blendv_ps(no, yes, m);
}

/* ---- float16 and bfloat16, widened to float32 lanes ---- */

static inline f32_vector f32_load_f16(const uint16_t *p) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
}
static inline void f32_store_f16(uint16_t *p, f32_vector v) {
    _mm_storeu_si128((__m128i *)p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
static inline f32_vector f32_load_bf16(const uint16_t *p) {
    const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p));
    return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
static inline void f32_store_bf16(uint16_t *p, f32_vector v) {
    const __m256i bits = _mm256_castps_si256(v);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i half = _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff));
    const __m256i rounded = _mm256_add_epi32(bits, half);
    const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    const __m256i result = _mm256_castps_si256(
        f32_select(f32_is_nan(v), _mm256_castsi256_ps(quiet), _mm256_castsi256_ps(rounded)));
    const __m256i high = _mm256_srli_epi32(result, 16);
    const __m256i packed = _mm256_packus_epi32(high, high);
    const __m256i ordered = _mm256_permute4x64_epi64(packed, _MM_SHUFFLE(3, 1, 2, 0));
    _mm_storeu_si128((__m128i *)p, _mm256_castsi256_si128(ordered));
}

/* ---- float64 ---- */

typedef __m256d f64_vector;
typedef __m256d f64_mask;
#define F64_LANES 4

static inline f64_vector f64_load(const double *p) { return _mm256_loadu_pd(p); }
static inline void f64_store(double *p, f64_vector v) { _mm256_storeu_pd(p, v); }
static inline f64_vector f64_broadcast(double s) { return _mm256_set1_pd(s); }

static inline f64_vector f64_add(f64_vector a, f64_vector b) { return _mm256_add_pd(a, b); }
static inline f64_vector f64_subtract(f64_vector a, f64_vector b) { return _mm256_sub_pd(a, b); }
static inline f64_vector f64_multiply(f64_vector a, f64_vector b) { return _mm256_mul_pd(a, b); }
static inline f64_vector f64_divide(f64_vector a, f64_vector b) { return _mm256_div_pd(a, b); }
static inline f64_vector f64_fma(f64_vector a, f64_vector b, f64_vector c) {
    return _mm256_fmadd_pd(a, b, c);
}
static inline f64_vector f64_fms(f64_vector a, f64_vector b, f64_vector c) {
    return _mm256_fmsub_pd(a, b, c);
}
static inline f64_vector f64_fnma(f64_vector a, f64_vector b, f64_vector c) {
    return _mm256_fnmadd_pd(a, b, c);
}
#define f64_multiply_add f64_fma

static inline f64_vector f64_magnitude_up_to(f64_vector x, double bound) {
    /* AVX2 has no 64-bit integer minimum, and vminpd raises the invalid flag on a quiet NaN. */
    const f64_vector magnitude = _mm256_andnot_pd(_mm256_set1_pd(-0.0), x);
    const f64_vector limit = _mm256_set1_pd(bound);
    return _mm256_blendv_pd(limit, magnitude, _mm256_cmp_pd(magnitude, limit, _CMP_LT_OQ));
}
static inline f64_vector f64_positive_part(f64_vector x) {
    return _mm256_max_pd(_mm256_set1_pd(-0.0), x);
}
static inline f64_vector f64_low_bits_to_exponent(f64_vector v) {
    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(v), 52));
}

static inline f64_mask f64_less(f64_vector a, f64_vector b) {
    return _mm256_cmp_pd(a, b, _CMP_LT_OQ);
}
static inline f64_mask f64_is_negative(f64_vector x) {
    return x;
} /* blendv reads the sign bit alone */
static inline f64_mask f64_is_nan(f64_vector x) { return _mm256_cmp_pd(x, x, _CMP_UNORD_Q); }
static inline f64_vector f64_select(f64_mask m, f64_vector yes, f64_vector no) {
    return _mm256_blendv_pd(no, yes, m);
}

#endif
