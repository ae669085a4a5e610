/* Which ISA's kernels run. */
#ifndef GELU_FAST_DISPATCH_H
#define GELU_FAST_DISPATCH_H

#include "kernels.h"

/* The name of the ISA number i, from 0, among those that this build has and this CPU runs, the best
 * first; NULL after the last. */
const char *gelu_fast_available_isa(int i);

/* The ISA in use. */
const char *gelu_fast_isa(void);

/* Makes `name` the ISA in use, for all threads. Returns 0, or -1 if it is not available. */
int gelu_fast_set_isa(const char *name);

gelu_fast_kernel_pair gelu_fast_find_kernels(enum gelu_fast_function function,
                                             enum gelu_fast_dtype dtype);

gelu_fast_look_up_kernel *gelu_fast_find_look_up(void);

/* Does `rounds` rounds of fused multiply-adds with the ISA in use, and returns how many float32 ones
 * that were. To be timed: see throughput.inc. */
size_t gelu_fast_run_fmas(size_t rounds, float *result);

#endif
