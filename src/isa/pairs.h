/* Lifts the vocabulary from one register (r32_name, r64_name), which an ISA's header defines, to the
 * vectors that src/math is written in (f32_name, f64_name): a pair of registers, or a pair of pairs. The
 * registers of a vector are independent, so that the pipes stay full even if the CPU's window is short for
 * a chain of forty instructions. docs/kernels.md has the times for one to four registers. */
#ifndef GELU_FAST_ISA_PAIRS_H
#define GELU_FAST_ISA_PAIRS_H

#ifdef GELU_FAST_ISA_STREAMS
#define IF_STREAMS(...) __VA_ARGS__
#else
#define IF_STREAMS(...)
#endif

#define LIFT_LOAD(real, reg, element, suffix)                                                      \
    static inline real##_vector real##_load##suffix(const void *p) {                               \
        return (real##_vector){reg##_load##suffix(p),                                              \
                               reg##_load##suffix((const element *)p + reg##_lanes)};              \
    }
#define LIFT_STORE(real, reg, element, suffix)                                                     \
    static inline void real##_store##suffix(void *p, real##_vector v) {                            \
        reg##_store##suffix(p, v.a);                                                               \
        reg##_store##suffix((element *)p + reg##_lanes, v.b);                                      \
    }                                                                                              \
    IF_STREAMS(static inline void real##_stream##suffix(void *p, real##_vector v) {                \
        reg##_stream##suffix(p, v.a);                                                              \
        reg##_stream##suffix((element *)p + reg##_lanes, v.b);                                     \
    })
#define LIFT_LOAD_STORE(real, reg, element, suffix)                                                \
    LIFT_LOAD(real, reg, element, suffix)                                                          \
    LIFT_STORE(real, reg, element, suffix)
/* A bfloat16 is half as wide as its lane, so the ISA loads and stores two registers at a time. */
#define PAIR_STORE_BF16(real, reg, suffix)                                                         \
    static inline void real##_store_bf16##suffix(void *p, real##_vector v) {                       \
        reg##_store_pair_bf16##suffix(p, v.a, v.b);                                                \
    }                                                                                              \
    IF_STREAMS(static inline void real##_stream_bf16##suffix(void *p, real##_vector v) {           \
        reg##_stream_pair_bf16##suffix(p, v.a, v.b);                                               \
    })
#define PAIR_LOAD_STORE_BF16(real, reg)                                                            \
    static inline real##_vector real##_load_bf16(const void *p) {                                  \
        real##_vector v;                                                                           \
        reg##_load_pair_bf16(p, &v.a, &v.b);                                                       \
        return v;                                                                                  \
    }                                                                                              \
    PAIR_STORE_BF16(real, reg, )                                                                   \
    PAIR_STORE_BF16(real, reg, _half_up)
#define LIFT_1(real, reg, result, name)                                                            \
    static inline real##_##result real##_##name(real##_vector v) {                                 \
        return (real##_##result){reg##_##name(v.a), reg##_##name(v.b)};                            \
    }
#define LIFT_2(real, reg, result, name)                                                            \
    static inline real##_##result real##_##name(real##_vector v, real##_vector w) {                \
        return (real##_##result){reg##_##name(v.a, w.a), reg##_##name(v.b, w.b)};                  \
    }
#define LIFT_3(real, reg, name)                                                                    \
    static inline real##_vector real##_##name(real##_vector u, real##_vector v, real##_vector w) { \
        return (real##_vector){reg##_##name(u.a, v.a, w.a), reg##_##name(u.b, v.b, w.b)};          \
    }

#define LIFT(real, reg, scalar)                                                                    \
    typedef struct {                                                                               \
        reg##_vector a, b;                                                                         \
    } real##_vector;                                                                               \
    enum { real##_lanes = 2 * reg##_lanes };                                                       \
    typedef struct {                                                                               \
        reg##_mask a, b;                                                                           \
    } real##_mask;                                                                                 \
    LIFT_LOAD_STORE(real, reg, scalar, )                                                           \
    static inline real##_vector real##_broadcast(scalar s) {                                       \
        return (real##_vector){reg##_broadcast(s), reg##_broadcast(s)};                            \
    }                                                                                              \
    LIFT_2(real, reg, vector, add)                                                                 \
    LIFT_2(real, reg, vector, subtract)                                                            \
    LIFT_2(real, reg, vector, multiply)                                                            \
    LIFT_2(real, reg, vector, divide)                                                              \
    LIFT_3(real, reg, fma)                                                                         \
    LIFT_3(real, reg, fms)                                                                         \
    LIFT_3(real, reg, fnma)                                                                        \
    static inline real##_vector real##_magnitude_up_to(real##_vector v, scalar bound) {            \
        return (real##_vector){reg##_magnitude_up_to(v.a, bound),                                  \
                               reg##_magnitude_up_to(v.b, bound)};                                 \
    }                                                                                              \
    LIFT_1(real, reg, vector, positive_part)                                                       \
    LIFT_1(real, reg, vector, step)                                                                \
    LIFT_2(real, reg, vector, negate_unless_negative)                                              \
    LIFT_2(real, reg, vector, multiply_by_power)                                                   \
    LIFT_2(real, reg, vector, divide_by_power)                                                     \
    LIFT_2(real, reg, mask, less)                                                                  \
    LIFT_1(real, reg, mask, is_nan)                                                                \
    static inline real##_vector real##_select(real##_mask m, real##_vector v, real##_vector w) {   \
        return (real##_vector){reg##_select(m.a, v.a, w.a), reg##_select(m.b, v.b, w.b)};          \
    }

#if REGISTERS_PER_VECTOR == 4
LIFT(pair32, r32, float)
LIFT(pair64, r64, double)
LIFT_LOAD_STORE(pair32, r32, uint16_t, _f16)
PAIR_LOAD_STORE_BF16(pair32, r32)
LIFT(f32, pair32, float)
LIFT(f64, pair64, double)
LIFT_LOAD_STORE(pair64, r64, float, _f32)
LIFT_LOAD_STORE(f64, pair64, float, _f32)
LIFT_2(pair64, r64, vector, copy_sign)
LIFT_2(f64, pair64, vector, copy_sign)
LIFT_LOAD_STORE(f32, pair32, uint16_t, _f16)
LIFT_LOAD_STORE(f32, pair32, uint16_t, _bf16)
LIFT_STORE(f32, pair32, uint16_t, _bf16_half_up)
#else
LIFT(f32, r32, float)
LIFT(f64, r64, double)
LIFT_LOAD_STORE(f64, r64, float, _f32)
LIFT_2(f64, r64, vector, copy_sign)
LIFT_LOAD_STORE(f32, r32, uint16_t, _f16)
PAIR_LOAD_STORE_BF16(f32, r32)
#endif

/* Every ISA with registers of several lanes has a hardware fma. */
#define f32_multiply_add f32_fma
#define f64_multiply_add f64_fma

#endif
