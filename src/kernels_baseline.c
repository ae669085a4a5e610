#include "isa/baseline.h"

#define KERNEL_TABLE gelu_fast_kernels_baseline
#include "kernels.inc"
