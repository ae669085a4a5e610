/* The end of a run of streaming stores. */
#ifndef GELU_FAST_STREAMING_H
#define GELU_FAST_STREAMING_H

#if defined(__x86_64__) || defined(_M_X64)

#include <xmmintrin.h>

/* Streaming stores are weakly ordered; another thread may read the results only after this fence. */
static inline void streaming_end(void) { _mm_sfence(); }

#else

static inline void streaming_end(void) {}

#endif

#endif
