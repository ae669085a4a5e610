#if defined(__aarch64__) || defined(_M_ARM64)

#include "isa/neon.h" /* part of every AArch64 target: nothing to open */

#define KERNEL_TABLE gelu_fast_kernels_neon
#include "kernels.inc"

#else
typedef int gelu_fast_no_neon; /* ISO C wants a declaration */
#endif
