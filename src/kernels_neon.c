#if defined(__aarch64__) || defined(_M_ARM64)

#include "isa/neon.h" /* part of every AArch64 target: nothing to open */

#define ISA_NAME neon
#include "kernels.inc"

#else
typedef int gelu_fast_no_neon; /* ISO C wants a declaration */
#endif
