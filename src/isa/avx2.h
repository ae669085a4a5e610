/* The vector vocabulary over AVX2, FMA and F16C: 8 float32 or 4 float64 lanes.
 * src/isa/README.md says what each name must do. */
#ifndef GELU_FAST_ISA_AVX2_H
#define GELU_FAST_ISA_AVX2_H

#include <immintrin.h>
#include <stdint.h>

/* ---- float32 ---- */

typedef __m256 r32_vector;
typedef __m256 r32_mask;
enum { r32_lanes = 8 };

static inline r32_vector r32_load(const void *p) { return _mm256_loadu_ps(p); }
static inline void r32_store(void *p, r32_vector v) { _mm256_storeu_ps(p, v); }
static inline void r32_stream(void *p, r32_vector v) { _mm256_stream_ps(p, v); }
static inline r32_vector r32_broadcast(float s) { return _mm256_set1_ps(s); }

static inline r32_vector r32_add(r32_vector a, r32_vector b) { return _mm256_add_ps(a, b); }
static inline r32_vector r32_subtract(r32_vector a, r32_vector b) { return _mm256_sub_ps(a, b); }
static inline r32_vector r32_multiply(r32_vector a, r32_vector b) { return _mm256_mul_ps(a, b); }
static inline r32_vector r32_divide(r32_vector a, r32_vector b) { return _mm256_div_ps(a, b); }
static inline r32_vector r32_fma(r32_vector a, r32_vector b, r32_vector c) {
    return _mm256_fmadd_ps(a, b, c);
}
static inline r32_vector r32_fms(r32_vector a, r32_vector b, r32_vector c) {
    return _mm256_fmsub_ps(a, b, c);
}
static inline r32_vector r32_fnma(r32_vector a, r32_vector b, r32_vector c) {
    return _mm256_fnmadd_ps(a, b, c);
}

static inline r32_vector r32_magnitude_up_to(r32_vector x, float bound) {
    /* Non-negative floats order as integers do, and NaN lies above them all. */
    const __m256i magnitude =
        _mm256_and_si256(_mm256_castps_si256(x), _mm256_set1_epi32(INT32_MAX));
    const __m256i limit = _mm256_castps_si256(_mm256_set1_ps(bound));
    return _mm256_castsi256_ps(_mm256_min_epi32(magnitude, limit));
}
static inline r32_vector r32_positive_part(r32_vector x) {
    /* vmaxps returns its second operand when both are zero or one is NaN. */
    return _mm256_max_ps(_mm256_set1_ps(-0.0f), x);
}
static inline r32_vector r32_multiply_by_power(r32_vector v, r32_vector power) {
    const __m256i exponent = _mm256_slli_epi32(_mm256_castps_si256(power), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), exponent));
}
static inline r32_vector r32_divide_by_power(r32_vector v, r32_vector power) {
    const __m256i exponent = _mm256_slli_epi32(_mm256_castps_si256(power), 23);
    return _mm256_castsi256_ps(_mm256_sub_epi32(_mm256_castps_si256(v), exponent));
}

static inline r32_mask r32_less(r32_vector a, r32_vector b) {
    return _mm256_cmp_ps(a, b, _CMP_LT_OQ);
}
static inline r32_mask r32_is_nan(r32_vector x) { return _mm256_cmp_ps(x, x, _CMP_UNORD_Q); }
/* Logic runs on more pipes than a blend, which competes with fma on AMD's cores. */
static inline r32_vector r32_select(r32_mask m, r32_vector yes, r32_vector no) {
    return _mm256_or_ps(_mm256_and_ps(m, yes), _mm256_andnot_ps(m, no));
}
static inline r32_vector r32_step(r32_vector x) {
    const r32_vector is_negative = r32_less(x, _mm256_setzero_ps());
    const r32_vector one = _mm256_andnot_ps(is_negative, _mm256_set1_ps(1.0f));
    /* The bits of one are among those of every NaN. */
    return _mm256_or_ps(one, _mm256_and_ps(r32_is_nan(x), x));
}
static inline r32_vector r32_negate_unless_negative(r32_vector v, r32_vector x) {
    const r32_vector is_negative = r32_less(x, _mm256_setzero_ps());
    return _mm256_xor_ps(v, _mm256_andnot_ps(is_negative, _mm256_set1_ps(-0.0f)));
}

/* ---- float16, widened to float32 lanes ---- */

static inline r32_vector r32_load_f16(const void *p) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
}
static inline void r32_store_f16(void *p, r32_vector v) {
    _mm_storeu_si128((__m128i *)p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
static inline void r32_stream_f16(void *p, r32_vector v) {
    _mm_stream_si128((__m128i *)p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}

/* ---- bfloat16, widened to float32 lanes ---- */

/* The low halves of the 32-bit lanes are the elements with even indices, the high halves the odd. */
static inline void r32_load_pair_bf16(const void *p, r32_vector *even, r32_vector *odd) {
    const __m256i both = _mm256_loadu_si256((const __m256i *)p);
    *even = _mm256_castsi256_ps(_mm256_slli_epi32(both, 16));
    *odd = _mm256_castsi256_ps(_mm256_and_si256(both, _mm256_set1_epi32(-0x10000)));
}
static inline __m256i r32_round_to_bf16(r32_vector v) {
    /* A NaN's low half is zero, so that it stays what it is. */
    const __m256i bits = _mm256_castps_si256(v);
    const __m256i is_odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    return _mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7fff)), is_odd);
}
static inline __m256i r32_round_to_bf16_half_up(r32_vector v) {
    const __m256i bits = _mm256_castps_si256(v);
    const __m256i half = _mm256_add_epi32(_mm256_srai_epi32(bits, 31), _mm256_set1_epi32(0x8000));
    return _mm256_add_epi32(bits, half);
}
static inline __m256i r32_pair_to_bf16(__m256i even, __m256i odd) {
    return _mm256_blend_epi16(_mm256_srli_epi32(even, 16), odd, 0xaa);
}
static inline void r32_store_pair_bf16(void *p, r32_vector even, r32_vector odd) {
    _mm256_storeu_si256((__m256i *)p,
                        r32_pair_to_bf16(r32_round_to_bf16(even), r32_round_to_bf16(odd)));
}
static inline void r32_stream_pair_bf16(void *p, r32_vector even, r32_vector odd) {
    _mm256_stream_si256((__m256i *)p,
                        r32_pair_to_bf16(r32_round_to_bf16(even), r32_round_to_bf16(odd)));
}
static inline void r32_store_pair_bf16_half_up(void *p, r32_vector even, r32_vector odd) {
    _mm256_storeu_si256((__m256i *)p, r32_pair_to_bf16(r32_round_to_bf16_half_up(even),
                                                       r32_round_to_bf16_half_up(odd)));
}
static inline void r32_stream_pair_bf16_half_up(void *p, r32_vector even, r32_vector odd) {
    _mm256_stream_si256((__m256i *)p, r32_pair_to_bf16(r32_round_to_bf16_half_up(even),
                                                       r32_round_to_bf16_half_up(odd)));
}

/* ---- float64 ---- */

typedef __m256d r64_vector;
typedef __m256d r64_mask;
enum { r64_lanes = 4 };

static inline r64_vector r64_load(const void *p) { return _mm256_loadu_pd(p); }
static inline void r64_store(void *p, r64_vector v) { _mm256_storeu_pd(p, v); }
static inline void r64_stream(void *p, r64_vector v) { _mm256_stream_pd(p, v); }
static inline r64_vector r64_load_f32(const void *p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
static inline void r64_store_f32(void *p, r64_vector v) { _mm_storeu_ps(p, _mm256_cvtpd_ps(v)); }
static inline void r64_stream_f32(void *p, r64_vector v) { _mm_stream_ps(p, _mm256_cvtpd_ps(v)); }
static inline r64_vector r64_broadcast(double s) { return _mm256_set1_pd(s); }

static inline r64_vector r64_add(r64_vector a, r64_vector b) { return _mm256_add_pd(a, b); }
static inline r64_vector r64_subtract(r64_vector a, r64_vector b) { return _mm256_sub_pd(a, b); }
static inline r64_vector r64_multiply(r64_vector a, r64_vector b) { return _mm256_mul_pd(a, b); }
static inline r64_vector r64_divide(r64_vector a, r64_vector b) { return _mm256_div_pd(a, b); }
static inline r64_vector r64_fma(r64_vector a, r64_vector b, r64_vector c) {
    return _mm256_fmadd_pd(a, b, c);
}
static inline r64_vector r64_fms(r64_vector a, r64_vector b, r64_vector c) {
    return _mm256_fmsub_pd(a, b, c);
}
static inline r64_vector r64_fnma(r64_vector a, r64_vector b, r64_vector c) {
    return _mm256_fnmadd_pd(a, b, c);
}

static inline r64_vector r64_magnitude_up_to(r64_vector x, double bound) {
    /* AVX2 has no 64-bit integer minimum, and vminpd raises the invalid flag on a quiet NaN. */
    const r64_vector magnitude = _mm256_andnot_pd(_mm256_set1_pd(-0.0), x);
    const r64_vector limit = _mm256_set1_pd(bound);
    return _mm256_blendv_pd(limit, magnitude, _mm256_cmp_pd(magnitude, limit, _CMP_LT_OQ));
}
static inline r64_vector r64_positive_part(r64_vector x) {
    return _mm256_max_pd(_mm256_set1_pd(-0.0), x);
}
static inline r64_vector r64_multiply_by_power(r64_vector v, r64_vector power) {
    const __m256i exponent = _mm256_slli_epi64(_mm256_castpd_si256(power), 52);
    return _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(v), exponent));
}
static inline r64_vector r64_divide_by_power(r64_vector v, r64_vector power) {
    const __m256i exponent = _mm256_slli_epi64(_mm256_castpd_si256(power), 52);
    return _mm256_castsi256_pd(_mm256_sub_epi64(_mm256_castpd_si256(v), exponent));
}

static inline r64_vector r64_copy_sign(r64_vector v, r64_vector x) {
    const r64_vector sign = _mm256_set1_pd(-0.0);
    return _mm256_or_pd(_mm256_andnot_pd(sign, v), _mm256_and_pd(sign, x));
}

static inline r64_mask r64_less(r64_vector a, r64_vector b) {
    return _mm256_cmp_pd(a, b, _CMP_LT_OQ);
}
static inline r64_mask r64_is_nan(r64_vector x) { return _mm256_cmp_pd(x, x, _CMP_UNORD_Q); }
/* Logic runs on more pipes than a blend, which competes with fma on AMD's cores. */
static inline r64_vector r64_select(r64_mask m, r64_vector yes, r64_vector no) {
    return _mm256_or_pd(_mm256_and_pd(m, yes), _mm256_andnot_pd(m, no));
}
static inline r64_vector r64_step(r64_vector x) {
    const r64_vector is_negative = r64_less(x, _mm256_setzero_pd());
    const r64_vector one = _mm256_andnot_pd(is_negative, _mm256_set1_pd(1.0));
    /* The bits of one are among those of every NaN. */
    return _mm256_or_pd(one, _mm256_and_pd(r64_is_nan(x), x));
}
static inline r64_vector r64_negate_unless_negative(r64_vector v, r64_vector x) {
    const r64_vector is_negative = r64_less(x, _mm256_setzero_pd());
    return _mm256_xor_pd(v, _mm256_andnot_pd(is_negative, _mm256_set1_pd(-0.0)));
}

/* ---- bytes ---- */

typedef __m256i b8_vector;
enum { b8_lanes = 32 };

static inline b8_vector b8_load(const uint8_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
static inline void b8_store(uint8_t *p, b8_vector v) { _mm256_storeu_si256((__m256i *)p, v); }

/* vpshufb looks up four bits and gives 0 if the index is negative. Each row of 16 entries but the first is
 * stored xor-ed with the row before, so that the xor of all rows up to x's is x's entry. Beyond x's row the
 * index is negative, and the saturating subtraction keeps it so. */
typedef struct {
    uint8_t rows[256];
} b8_table;
static inline void b8_prepare(b8_table *prepared, const uint8_t *table) {
    for (int i = 0; i < 256; i++)
        prepared->rows[i] = i % 128 < 16 ? table[i] : table[i] ^ table[i - 16];
}
static inline b8_vector b8_look_up(const b8_table *table, b8_vector x) {
    const b8_vector step = _mm256_set1_epi8(16);
    b8_vector low = x, high = _mm256_xor_si256(x, _mm256_set1_epi8(-128)),
              found = _mm256_setzero_si256();
    for (int row = 0; row < 8; row++) {
        const __m128i *const rows = (const __m128i *)table->rows + row;
        const b8_vector of_low = _mm256_broadcastsi128_si256(_mm_loadu_si128(rows));
        const b8_vector of_high = _mm256_broadcastsi128_si256(_mm_loadu_si128(rows + 8));
        found = _mm256_xor_si256(found, _mm256_shuffle_epi8(of_low, low));
        found = _mm256_xor_si256(found, _mm256_shuffle_epi8(of_high, high));
        low = _mm256_subs_epi8(low, step);
        high = _mm256_subs_epi8(high, step);
    }
    return found;
}

#define GELU_FAST_ISA_STREAMS
#define REGISTERS_PER_VECTOR 2
#include "pairs.h"

#endif
