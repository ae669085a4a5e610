/* Calls the inner loops, and everything that sets their threads and ISA, from several threads at
 * once, for ThreadSanitizer, and checks the results. It runs with a stopped clock, so that no
 * thread is ever late and every call has its team, and with the real one, so that some have less.
 *
 *     .ci/sanitize thread
 *
 * Linked with --wrap=omp_get_wtime, and with --wrap=gelu_fast_last_level_cache, so that calls that
 * are not in place stream. */
#define _POSIX_C_SOURCE 200809L

#include "dispatch.h"
#include "look_up.h"
#include "kinds.h"
#include "parallel.h"

#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A call of COUNT float32 elements takes up to three threads. */
enum { COUNT = 60000, CALLERS = 3, ROUNDS = 500, MOST_THREADS = 4 };

enum { INPUT_LIMIT = 3, OUTPUT_LIMIT = 2, ROWS = 6, SHORT_ROWS = 2000 };

static float x[COUNT], expected[FUNCTION_COUNT][OUTPUT_LIMIT][COUNT];
static float first_results[CALLERS][COUNT];
static atomic_int failures, is_over, clock_runs;
static _Atomic(struct gelu_fast_thread_number *) to_leave;
static pthread_barrier_t begin;

size_t __real_gelu_fast_last_level_cache(void);
size_t __wrap_gelu_fast_last_level_cache(void);
size_t __wrap_gelu_fast_last_level_cache(void) {
    return __real_gelu_fast_last_level_cache() > 0 ? COUNT : 0;
}

double __real_omp_get_wtime(void);
double __wrap_omp_get_wtime(void);
double __wrap_omp_get_wtime(void) { return clock_runs ? __real_omp_get_wtime() : 0; }

static void *allocate(size_t size) {
    void *const memory = malloc(size);
    if (memory == NULL)
        abort();
    return memory;
}

/* All inputs are `in`. Rows go from the last to the first, because otherwise they would be one row;
 * short rows go through buffers. */
static void run_rows(int function, float *in, float *out, float *second, intptr_t rows) {
    const struct gelu_fast_function_info *const info = &gelu_fast_functions[function];
    const intptr_t columns = COUNT / rows, step = sizeof(float), row_step = -columns * step;
    const intptr_t dimensions[] = {rows, columns}, count = COUNT;
    void *const loop = loop_of(function, KIND_f32);
    char *arguments[INPUT_LIMIT + OUTPUT_LIMIT] = {NULL};
    intptr_t steps[2 * (INPUT_LIMIT + OUTPUT_LIMIT)];
    const int operands = info->inputs + info->outputs;
    for (int k = 0; k < operands; k++) {
        float *const array = k < info->inputs ? in : k == info->inputs ? out : second;
        arguments[k] = (char *)(array + (info->takes_rows ? COUNT - columns : 0));
        steps[k] = info->takes_rows ? row_step : step;
        steps[operands + k] = step;
    }
    if (info->takes_rows)
        gelu_fast_generalized_ufunc_loop(arguments, dimensions, steps, loop);
    else
        gelu_fast_ufunc_loop(arguments, &count, steps, loop);
}

static void run(int function, float *in, float *out, float *second) {
    run_rows(function, in, out, second, ROWS);
}

static void compare(int function, const float *out, const float *second) {
    if ((memcmp(out, expected[function][0], sizeof x) != 0 ||
         (second != NULL && gelu_fast_functions[function].outputs > 1 &&
          memcmp(second, expected[function][1], sizeof x) != 0)) &&
        failures++ < 20)
        printf("FAILED: %s: another result\n", gelu_fast_functions[function].name);
}

/* Looks up the bytes of x, in place. */
static void look_up(float *out) {
    enum { ENTRIES = 256 };
    const intptr_t dimensions[] = {1, ENTRIES, sizeof x}, steps[] = {0, 0, 0, 1, 1, 1};
    uint8_t table[ENTRIES], *const bytes = (uint8_t *)out;
    for (size_t i = 0; i < ENTRIES; i++)
        table[i] = (uint8_t)(i * 37 + 11);
    memcpy(out, x, sizeof x);
    char *arguments[] = {(char *)table, (char *)out, (char *)out};
    gelu_fast_look_up_loop(arguments, dimensions, steps, NULL);
    for (size_t i = 0; i < sizeof x; i++)
        if (bytes[i] != table[((const uint8_t *)x)[i]] && failures++ < 20)
            printf("FAILED: look-up: another result\n");
}

/* All threads at once make the first call, which initializes the library. */
static void *first_caller(void *number) {
    pthread_barrier_wait(&begin);
    run(FUNCTION_gelu, x, first_results[(uintptr_t)number], NULL);
    return NULL;
}

static void *caller(void *number) {
    float *const out = allocate(sizeof x), *const second = allocate(sizeof x);
    pthread_barrier_wait(&begin);
    for (size_t i = (uintptr_t)number; i < (uintptr_t)number + ROUNDS; i++) {
        const int function = (i % FUNCTION_COUNT);
        /* Each leaves the number entered most recently, usually by another thread. */
        struct gelu_fast_thread_number *const left =
            atomic_exchange(&to_leave, gelu_fast_enter_thread_number((int)(i % MOST_THREADS + 1)));
        if (left != NULL)
            gelu_fast_leave_thread_number(left);
        if (i % 2 == 0)
            gelu_fast_set_thread_local_num_threads((int)(i % (MOST_THREADS + 1)));
        run(function, x, out, second);
        compare(function, out, second);
        memcpy(out, x, sizeof x);
        run_rows(function, out, out, second, SHORT_ROWS); /* in place */
        compare(function, out, second);
        look_up(out);
    }
    free(out);
    free(second);
    return NULL;
}

/* A call inside the program's own parallel region is serial. */
static void *nested_caller(void *number) {
    (void)number;
    pthread_barrier_wait(&begin);
    for (int i = 0; i < ROUNDS / 4; i++) {
#pragma omp parallel num_threads(2)
        {
            float *const out = allocate(sizeof x);
            run(FUNCTION_gelu, x, out, NULL);
            compare(FUNCTION_gelu, out, NULL);
            free(out);
        }
    }
    return NULL;
}

/* Sets and reads what the other threads use, as a program may at any time. The baseline is left
 * out, because it may give other bits. */
static void *setter(void *number) {
    (void)number;
    pthread_barrier_wait(&begin);
    for (int i = 0; !is_over; i++) {
        const char *const isa = gelu_fast_available_isa(i % 2);
        gelu_fast_set_num_threads(i % (MOST_THREADS + 1));
        if (isa != NULL && strcmp(isa, "baseline") != 0)
            gelu_fast_set_isa(isa);
        if (gelu_fast_get_num_threads() < 1 || gelu_fast_num_threads_reason() == NULL ||
            gelu_fast_isa() == NULL)
            failures++;
    }
    return NULL;
}

static void run_together(void *(*const functions[])(void *), size_t count, size_t waited_for) {
    pthread_t threads[8];
    pthread_barrier_init(&begin, NULL, (unsigned)count);
    is_over = 0;
    for (size_t i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, functions[i], (void *)(uintptr_t)i) != 0)
            abort();
    for (size_t i = 0; i < count; i++) {
        is_over = i >= waited_for;
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&begin);
}

int main(void) {
    static void *(*const first[])(void *) = {first_caller, first_caller, first_caller};
    static void *(*const all[])(void *) = {caller, caller, caller, nested_caller, setter};
    for (int i = 0; i < COUNT; i++)
        x[i] = (float)(i % 4099) / 256 - 12;
    run_together(first, CALLERS, CALLERS);
    gelu_fast_set_thread_local_num_threads(1);
    for (int i = 0; i < FUNCTION_COUNT; i++)
        run(i, x, expected[i][0], expected[i][1]);
    for (int i = 0; i < CALLERS; i++)
        compare(FUNCTION_gelu, first_results[i], NULL);
    for (clock_runs = 0; clock_runs <= 1; clock_runs++)
        run_together(all, sizeof all / sizeof all[0], sizeof all / sizeof all[0] - 1);
    printf("%s, %d failed\n", gelu_fast_openmp_runtime(), failures);
    return failures != 0;
}
