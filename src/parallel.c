#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity, and clock_gettime under -std=c11 */
#elif defined(__unix__) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L /* clock_gettime under -std=c11 */
#endif

#include "parallel.h"

#include "cpu_quota.h"
#include "floating_point.h"
#include "fork.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef _OPENMP
#include <omp.h>
#endif
#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif
#ifdef __linux__
#include <sched.h>
#endif

#define STRING_(token) #token
#define STRING(macro) STRING_(macro)

/* Waking a thread pays from this many of the cheapest elements on, about 5 microseconds of work.
 * Measured on two Zen 3 cores, two threads against one, 16,384 elements each: 0.65 of the time when calls
 * follow each other, 0.94 when the second thread has gone to sleep in between. */
enum { LEAST_COST_PER_THREAD = 16384 };
/* Threads take blocks in turn, so that a slow thread delays the others little. Each gets about this many,
 * within limits: taking a block costs 0.1 microseconds, and beyond the caches long blocks are faster
 * (65,536 elements against 16,384: 3 to 6 %; longer ones gain nothing). */
enum { BLOCKS_PER_THREAD = 8, SMALLEST_BLOCK_COST = 4096, LARGEST_BLOCK_COST = 65536 };

static atomic_int requested; /* by gelu_fast_set_num_threads; 0 for the default */
static _Thread_local const struct gelu_fast_team *team_here; /* NULL for OpenMP's */

struct gelu_fast_thread_number {
    int count;
    atomic_int is_left;
    struct gelu_fast_thread_number *before;
};
static _Thread_local struct gelu_fast_thread_number *last_here;

/* This thread's number of threads, 0 for none: that of the last block still open. */
static int *requested_here(void) {
    static _Thread_local int outside_blocks;
    for (struct gelu_fast_thread_number **link = &last_here, *number; (number = *link) != NULL;) {
        if (!atomic_load(&number->is_left)) {
            link = &number->before;
        } else {
            *link = number->before;
            free(number);
        }
    }
    return last_here != NULL ? &last_here->count : &outside_blocks;
}

#ifdef _OPENMP
static atomic_int is_loaded, forked, openmp_threads_at_load, openmp_threads_from_environment;
static atomic_int bound_cpus, quota;

/* libgomp deadlocks in a forked child if any library used it before the fork, so a forked child runs
 * serially. */
#if defined(__unix__) || defined(__APPLE__)
static void after_fork_in_child(void) { atomic_store(&forked, 1); }
#endif

/* The first number of OMP_NUM_THREADS; 0 if there is none, or if libgomp would reject or wrap it. */
static int threads_from_environment(void) {
    const char *text = getenv("OMP_NUM_THREADS");
    const long first = text == NULL ? 0 : strtol(text, NULL, 10);
    for (char *end; text != NULL; text = *end == ',' ? end + 1 : NULL) {
        const long count = strtol(text, &end, 10);
        end += strspn(end, " \t\n\v\f\r");
        if (count <= 0 || count >= INT32_MAX || (*end != '\0' && *end != ','))
            return 0;
    }
    return first < GELU_FAST_MOST_THREADS ? (int)first : GELU_FAST_MOST_THREADS;
}
#endif

#if defined(__GNUC__)
__attribute__((constructor))
#endif
void gelu_fast_parallel_load(void) {
#ifdef _OPENMP
    if (is_loaded)
        return;
    openmp_threads_at_load = omp_get_max_threads();
    openmp_threads_from_environment = threads_from_environment();
    quota = gelu_fast_cpu_quota("");
#if _OPENMP >= 201511
    /* With bound threads, the affinity mask shows one place only. Places may share CPUs. */
    char counted[GELU_FAST_MOST_THREADS] = {0};
    int cpus = 0;
    for (int place = omp_get_proc_bind() ? omp_get_num_places() : 0; place > 0; place--) {
        const int count = omp_get_place_num_procs(place - 1);
        int ids[count + 1]; /* a place may be empty */
        omp_get_place_proc_ids(place - 1, ids);
        for (int i = 0; i < count; i++)
            if (ids[i] < GELU_FAST_MOST_THREADS && !counted[ids[i]])
                cpus += counted[ids[i]] = 1;
    }
    bound_cpus = cpus;
#endif
    if (gelu_fast_was_forked_after_loading((uintptr_t)omp_get_max_threads))
        atomic_store(&forked, 1);
#if defined(__unix__) || defined(__APPLE__)
    pthread_atfork(NULL, NULL, after_fork_in_child);
#endif
    is_loaded = 1; /* last: a thread that arrives meanwhile computes the same values */
#endif
}

struct thread_count {
    int count;
    const char *reason;
};

#ifdef _OPENMP
static void limit(struct thread_count *threads, int count, const char *reason) {
    if (count > 0 && count < threads->count)
        *threads = (struct thread_count){count, reason};
}

/* libgomp asks the system on each call, libomp only once, at start. */
static int processors(void) {
    if (bound_cpus > 0)
        return bound_cpus;
#if defined(__linux__) && defined(CPU_COUNT)
    cpu_set_t set; /* 1,024 CPUs; where there are more, the call fails */
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
#endif
    return omp_get_num_procs();
}

static struct thread_count default_thread_count(void) {
    struct thread_count threads = {openmp_threads_from_environment, "OMP_NUM_THREADS"};
    if (threads.count == 0) {
        threads = (struct thread_count){processors(), "one for each CPU that this process may use"};
        limit(&threads, quota, "the cgroup's CPU quota");
    }
    limit(&threads, omp_get_max_threads(), "the OpenMP runtime's limit in this thread");
    return threads;
}
#endif

static struct thread_count thread_count(void) {
#ifdef _OPENMP
    gelu_fast_parallel_load();
    const int everywhere = atomic_load_explicit(&requested, memory_order_relaxed);
    if (atomic_load_explicit(&forked, memory_order_relaxed))
        return (struct thread_count){1, "a forked child process runs serially"};
    if (omp_in_parallel())
        return (struct thread_count){1, "called from inside an OpenMP parallel region"};
    struct thread_count threads = {*requested_here(), "num_threads"};
    if (threads.count == 0)
        threads = everywhere > 0 ? (struct thread_count){everywhere, "set_num_threads"}
                                 : default_thread_count();
#if _OPENMP >= 200805 /* MSVC's is of 2002 */
    limit(&threads, omp_get_thread_limit(), "OMP_THREAD_LIMIT");
#endif
    /* threadpoolctl and others lower the runtime's own number, in this thread. */
    if (omp_get_max_threads() < openmp_threads_at_load)
        limit(&threads, omp_get_max_threads(), "the OpenMP runtime's limit in this thread");
    return threads;
#else
    return (struct thread_count){1, "built without OpenMP"};
#endif
}

int gelu_fast_get_num_threads(void) { return thread_count().count; }

const char *gelu_fast_num_threads_reason(void) { return thread_count().reason; }

static int is_in_range(int count) { return count >= 0 && count <= GELU_FAST_MOST_THREADS; }

int gelu_fast_set_num_threads(int count) {
    if (!is_in_range(count))
        return -1;
    atomic_store_explicit(&requested, count, memory_order_relaxed);
    return 0;
}

int gelu_fast_set_thread_local_num_threads(int count) {
    int *const number = requested_here(), previous = *number;
    if (!is_in_range(count))
        return -1;
    *number = count;
    return previous;
}

struct gelu_fast_thread_number *gelu_fast_enter_thread_number(int count) {
    struct gelu_fast_thread_number *const number = malloc(sizeof *number);
    if (number != NULL) {
        *number = (struct gelu_fast_thread_number){.count = count, .before = last_here};
        last_here = number;
    }
    return number;
}

void gelu_fast_leave_thread_number(struct gelu_fast_thread_number *number) {
    atomic_store(&number->is_left, 1);
    requested_here(); /* frees it if it can be */
}

void gelu_fast_set_thread_local_team(const struct gelu_fast_team *team) { team_here = team; }

const char *gelu_fast_openmp_runtime(void) {
#if !defined(_OPENMP)
    return NULL;
#elif defined(__clang__)
    return "libomp, OpenMP " STRING(_OPENMP);
#elif defined(__GNUC__)
    return "libgomp, OpenMP " STRING(_OPENMP);
#else
    return "OpenMP " STRING(_OPENMP);
#endif
}

#ifdef _OPENMP
/* A team waits for its slowest member. If another process holds that member's core, the wait takes
 * milliseconds, however short the call, and one thread alone would be done long before. So when this
 * thread has waited longer than it worked, and longer than waking a thread takes on an idle machine, fewer
 * threads are used for a while. Each such failure in a row doubles the while. */
static const double late_seconds = 100e-6, shortest_pause = 10e-3, longest_pause = 1.0;
static _Atomic double pause_seconds, limited_until; /* in omp_get_wtime's time */
static atomic_int limited_to;

static int timely_threads(int threads) {
    if (omp_get_wtime() >= atomic_load_explicit(&limited_until, memory_order_relaxed))
        return threads;
    const int limit = atomic_load_explicit(&limited_to, memory_order_relaxed);
    return threads < limit ? threads : limit;
}

/* The CPU time of this thread; the time of day where the system does not tell. */
static double working_seconds(void) {
    /* MinGW has this clock, but Windows counts in steps of 15 ms. */
#if defined(CLOCK_THREAD_CPUTIME_ID) && !defined(_WIN32)
    struct timespec time;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0)
        return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
#endif
    return omp_get_wtime();
}

static void judge(int threads, double begin, double worked) {
    const double end = omp_get_wtime(), lost = end - begin - worked;
    double pause = 0;
    if (lost > late_seconds && lost > worked) {
        pause = 2 * atomic_load_explicit(&pause_seconds, memory_order_relaxed);
        pause = pause < shortest_pause ? shortest_pause : pause;
        pause = pause > longest_pause ? longest_pause : pause;
        atomic_store_explicit(&limited_to, threads / 2, memory_order_relaxed);
        atomic_store_explicit(&limited_until, end + pause, memory_order_relaxed);
    }
    atomic_store_explicit(&pause_seconds, pause, memory_order_relaxed);
}
#endif

static int useful_threads(int count, size_t n, size_t cost) {
    const size_t useful = n / (LEAST_COST_PER_THREAD / cost);
    return (size_t)count < useful ? count : (int)useful;
}

static size_t block_size(int threads, size_t n, size_t cost) {
    const size_t share = n / ((size_t)threads * BLOCKS_PER_THREAD);
    const size_t smallest = SMALLEST_BLOCK_COST / cost, largest = LARGEST_BLOCK_COST / cost;
    const size_t at_least = share < smallest ? smallest : share;
    return at_least > largest ? largest : at_least;
}

int gelu_fast_parallel_for(size_t n, size_t cost, gelu_fast_task *task, const void *context) {
    if (n < 2 * (LEAST_COST_PER_THREAD / cost))
        return task(context, 0, n);
    if (team_here != NULL) {
        const int everywhere = atomic_load_explicit(&requested, memory_order_relaxed);
        const int count = team_here->threads;
        const int threads =
            useful_threads(everywhere > 0 && everywhere < count ? everywhere : count, n, cost);
        if (threads > 1)
            return team_here->run(team_here, threads, n, block_size(threads, n, cost), task,
                                  context);
        return task(context, 0, n);
    }
#ifdef _OPENMP
    const int useful = useful_threads(gelu_fast_get_num_threads(), n, cost);
    /* Reading the clock rounds, which would leave a flag, or trap if the caller has unmasked it. */
    const floating_point_state saved = floating_point_begin();
    const int threads = useful > 1 ? timely_threads(useful) : 1;
    if (threads > 1) {
        const size_t block = block_size(threads, n, cost);
        const ptrdiff_t blocks = (ptrdiff_t)((n + block - 1) / block);
        int exceptions = 0;
        const double start = omp_get_wtime();
        double worked = -working_seconds();
#pragma omp parallel num_threads(threads) reduction(| : exceptions)
        {
            /* MSVC's OpenMP 2 requires a signed index. */
#pragma omp for schedule(dynamic) nowait
            for (ptrdiff_t i = 0; i < blocks; i++) {
                const size_t begin = (size_t)i * block;
                exceptions |= task(context, begin, n - begin < block ? n : begin + block);
            }
#pragma omp master
            worked += working_seconds();
        }
        judge(threads, start, worked);
        floating_point_end(saved);
        return exceptions;
    }
    floating_point_end(saved);
#endif
    return task(context, 0, n);
}
