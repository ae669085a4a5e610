#include "isa/baseline.h"

#define ISA_NAME baseline
#include "kernels.inc"
