/* Threads; gelu_fast.h has what tells and sets their number. */
#ifndef GELU_FAST_PARALLEL_H
#define GELU_FAST_PARALLEL_H

#include "gelu_fast.h"

#include <stddef.h>

/* Does part [begin, end) of a task. Returns the floating-point exceptions raised; those of all parts are
 * or-ed together. */
typedef int gelu_fast_task(const void *context, size_t begin, size_t end);

/* Records the settings that the process starts with. GCC and clang make it run when the library is loaded;
 * with other compilers the first large call runs it, unless the loading program has. */
void gelu_fast_parallel_load(void);

/* Splits [0, n) among threads if that pays. An index costs as much as `cost` float32 elements of the
 * cheapest function. Returns what the parts returned, or-ed together. */
int gelu_fast_parallel_for(size_t n, size_t cost, gelu_fast_task *task, const void *context);

/* Threads other than OpenMP's. `run` does [0, n) in blocks of `block` indices and returns what
 * gelu_fast_parallel_for does. */
struct gelu_fast_team {
    int threads;
    int (*run)(const struct gelu_fast_team *team, int threads, size_t n, size_t block,
               gelu_fast_task *task, const void *context);
    const void *pool;
};

/* The team for calls made by this thread; NULL for OpenMP's. */
void gelu_fast_set_thread_local_team(const struct gelu_fast_team *team);

/* Opens a block in which this thread's calls use `count` threads, until any thread closes it. Blocks may be
 * closed in any order. NULL if memory is exhausted. */
struct gelu_fast_thread_number *gelu_fast_enter_thread_number(int count);
void gelu_fast_leave_thread_number(struct gelu_fast_thread_number *number);

/* Where the number of threads comes from, in words. */
const char *gelu_fast_num_threads_reason(void);

/* The OpenMP runtime and the date of its specification; NULL in a build without OpenMP. */
const char *gelu_fast_openmp_runtime(void);

#endif
