/* Which ISA's kernels run; gelu_fast.h has what tells and sets it. */
#ifndef GELU_FAST_DISPATCH_H
#define GELU_FAST_DISPATCH_H

#include "gelu_fast.h"
#include "kernels.h"

/* NULL if the tier lacks the function. */
gelu_fast_kernel *gelu_fast_find_kernel(int function, int dtype, int tier);

gelu_fast_look_up_kernel *gelu_fast_find_look_up(void);

/* Does `rounds` rounds of fused multiply-adds with the ISA in use, each with one division if `divides`, and
 * returns how many float32 multiply-adds that were. To be timed: see throughput.inc. */
size_t gelu_fast_run_fmas(size_t rounds, int divides, float *result);

#endif
