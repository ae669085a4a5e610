#if defined(__x86_64__) || defined(_M_X64)

#include "target.h"

#include <immintrin.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")
#include "isa/avx512.h"

#define ISA_NAME avx512
#include "kernels.inc"
TARGET_END

#else
typedef int gelu_fast_no_avx512; /* ISO C wants a declaration */
#endif
