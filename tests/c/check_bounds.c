/* Checks that no kernel and no inner loop reads or writes a byte outside its arrays, which lie against
 * pages that fault: every ISA, function and dtype, kernels with cached and with streaming stores, in
 * place or not, strides, lengths 0 to 130 and those at which src/loops.c changes its way, at every
 * alignment modulo 64. An argument n leaves out all but every n-th alignment, where a kernel is slow to
 * run; the two against the pages stay.
 *
 *     .ci/check_isas native | neon
 *
 * Linked with --wrap=gelu_fast_last_level_cache, so that loops.c streams short arrays too. */
#define _DEFAULT_SOURCE

#include "dispatch.h"
#include "guarded.h"
#include "loops.h"

#include <signal.h>
#include <stdint.h>

enum { LONGEST = 130, LONGEST_STEP = 3, VALUES = 4096 + 256, OPERANDS = 3, OUT = OPERANDS - 1 };
enum { ALIGNMENTS = 64, CANARY = 0x5a };

static const struct {
    const char *name;
    size_t size;
} dtypes[DTYPE_COUNT] = {
    [DTYPE_f16] = {"float16", 2}, [DTYPE_bf16] = {"bfloat16", 2},
    [DTYPE_f32] = {"float32", 4}, [DTYPE_f32_relaxed] = {"float32 relaxed", 4},
    [DTYPE_f64] = {"float64", 8},
};

/* What a case is: where its arrays lie and how they are walked through. */
static struct {
    const char *isa, *how;
    int function, dtype, at_end;
    size_t length, distance; /* of out from the edge, in bytes */
    int steps[OPERANDS];     /* of grad, x and out, in elements */
    int in_place;            /* which operand out is, or OUT */
} now;

static const int contiguous[OPERANDS] = {1, 1, 1};
static const int strided[][OPERANDS] = {{-1, -1, -1}, {3, 2, 1},  {0, 1, 2},
                                        {1, 0, -3},   {-2, 3, 1}, {1, -1, 1}};
enum { STRIDED = sizeof strided / sizeof strided[0] };

static size_t cases, every_alignment = 1;
static int failures;

static void fail(const char *what) {
    if (failures++ < 20)
        printf("FAILED: %s: %s %s %s, %s, length %zu, out %zu bytes from the %s of its pages, "
               "steps %d %d %d, out is operand %d\n",
               what, now.isa, gelu_fast_functions[now.function].name, dtypes[now.dtype].name,
               now.how, now.length, now.distance, now.at_end ? "end" : "begin", now.steps[0],
               now.steps[1], now.steps[2], now.in_place);
}

/* The fault is a kernel's own, so what is not safe in a handler is safe here. */
static void on_fault(int number) {
    (void)number;
    fail("a fault, by a guard page or a store that wants alignment");
    fflush(stdout);
    _exit(1);
}

size_t __wrap_gelu_fast_last_level_cache(void);
size_t __wrap_gelu_fast_last_level_cache(void) { return 1024; }

static uint64_t random_bits(void) { /* xorshift64*, Vigna 2016 */
    static uint64_t state = 88172645463325252u;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 2685821657736338717u;
}

/* Contiguous inputs, and the result for each way in which an operand stands still. */
static uint64_t inputs[OUT][VALUES], same[OUT][VALUES], results[OPERANDS][VALUES];

static void prepare(void) {
    const gelu_fast_kernel_pair kernels = gelu_fast_find_kernels(now.function, now.dtype);
    const size_t size = dtypes[now.dtype].size;
    for (int k = 0; k < OUT; k++)
        for (size_t i = 0; i < VALUES; i++)
            memcpy((char *)same[k] + i * size, inputs[k], size);
    kernels.cached(same[0], inputs[1], results[0], VALUES);
    kernels.cached(inputs[0], same[1], results[1], VALUES);
    kernels.cached(inputs[0], inputs[1], results[2], VALUES);
}

static int is_canary(const char *from, const char *to) {
    return *from == CANARY && memcmp(from, from + 1, (size_t)(to - from) - 1) == 0;
}

static void put(char *array, intptr_t step, const void *elements, size_t size, size_t n) {
    if (step == (intptr_t)size) {
        memcpy(array, elements, n * size);
        return;
    }
    for (size_t i = 0; i < (step == 0 && n > 0 ? 1 : n); i++, array += step)
        memcpy(array, (const char *)elements + i * size, size);
}

/* Compares every element and makes it a canary again. */
static int is_equal(char *array, intptr_t step, const void *expected, size_t size, size_t n) {
    int equal = 1;
    if (step == (intptr_t)size) {
        equal = memcmp(array, expected, n * size) == 0;
        memset(array, CANARY, n * size);
        return equal;
    }
    for (size_t i = 0; i < (step == 0 && n > 0 ? 1 : n); i++, array += step) {
        equal &= memcmp(array, (const char *)expected + i * size, size) == 0;
        memset(array, CANARY, size);
    }
    return equal;
}

typedef void runner(char *arrays[], const intptr_t steps[], size_t n);

static void run_cached(char *arrays[], const intptr_t steps[], size_t n) {
    (void)steps;
    gelu_fast_find_kernels(now.function, now.dtype).cached(arrays[0], arrays[1], arrays[OUT], n);
}
static void run_streaming(char *arrays[], const intptr_t steps[], size_t n) {
    (void)steps;
    gelu_fast_find_kernels(now.function, now.dtype).streaming(arrays[0], arrays[1], arrays[OUT], n);
}
static void run_loop(char *arrays[], const intptr_t steps[], size_t n) {
    const int first = OUT - gelu_fast_functions[now.function].inputs;
    const intptr_t count = (intptr_t)n;
    gelu_fast_ufunc_loop(arrays + first, &count, steps + first,
                         (void *)&gelu_fast_loops[now.function][now.dtype]);
}

/* Pages whose every byte is a canary between two cases. */
struct arena {
    struct guarded pages[OPERANDS];
};

static struct arena make_arena(size_t bytes) {
    struct arena arena;
    for (int k = 0; k < OPERANDS; k++) {
        arena.pages[k] = guarded_pages(bytes);
        memset(arena.pages[k].begin, CANARY, (size_t)(arena.pages[k].end - arena.pages[k].begin));
    }
    return arena;
}

static void run_case(runner *run, const struct arena *arena) {
    const size_t size = dtypes[now.dtype].size, n = now.length;
    const int first = OUT - gelu_fast_functions[now.function].inputs;
    char *arrays[OPERANDS] = {NULL};
    intptr_t steps[OPERANDS] = {0};
    cases++;
    for (int k = first; k < OPERANDS; k++)
        FORBID(arena->pages[k].begin, (size_t)(arena->pages[k].end - arena->pages[k].begin));
    for (int k = first; k < OPERANDS; k++) {
        const struct guarded pages = arena->pages[k];
        if (k == OUT && now.in_place != OUT) {
            arrays[k] = arrays[now.in_place];
            steps[k] = steps[now.in_place];
            continue;
        }
        const size_t magnitude = (size_t)abs(now.steps[k]);
        const size_t bytes = n == 0 ? 0 : ((n - 1) * magnitude + 1) * size;
        /* An odd multiple modulo 64 meets every alignment too, and the edge at the same time. */
        const size_t distance = now.distance * (size_t)(2 * (OUT - k) + 1) % ALIGNMENTS;
        char *low = now.at_end ? pages.end - bytes - distance : pages.begin + distance;
        if (k == OUT && run == run_streaming)
            low -= (uintptr_t)low % GELU_FAST_STREAMING_ALIGNMENT;
        ALLOW(low, bytes);
        arrays[k] = now.steps[k] < 0 && n > 0 ? low + bytes - size : low;
        steps[k] = now.steps[k] * (intptr_t)size;
        if (k != OUT)
            put(arrays[k], steps[k], inputs[k], size, n);
    }
    run(arrays, steps, n);
    for (int k = first; k < OPERANDS; k++)
        ALLOW(arena->pages[k].begin, (size_t)(arena->pages[k].end - arena->pages[k].begin));
    const void *const result = results[now.steps[0] == 0 ? 0 : now.steps[1] == 0 ? 1 : OUT];
    if (!is_equal(arrays[OUT], steps[OUT], result, size, n))
        fail("another result than in one large array");
    for (int k = first; k < OUT; k++)
        if (k != now.in_place && !is_equal(arrays[k], steps[k], inputs[k], size, n))
            fail("an input was written to");
    for (int k = first; k < OPERANDS; k++)
        if (!is_canary(arena->pages[k].begin, arena->pages[k].end)) {
            fail("written outside");
            memset(arena->pages[k].begin, CANARY,
                   (size_t)(arena->pages[k].end - arena->pages[k].begin));
        }
}

/* Against both ends of the pages, and at every `every` elements from there: 1 is all alignments. */
static void run_everywhere(const char *how, runner *run, const struct arena *arena, size_t length,
                           const int steps[OPERANDS], int in_place, size_t every) {
    now.how = how;
    now.length = length;
    memcpy(now.steps, steps, sizeof now.steps);
    now.in_place = in_place;
    for (now.at_end = 0; now.at_end <= 1; now.at_end++)
        for (now.distance = 0; now.distance < ALIGNMENTS;
             now.distance += every * every_alignment * dtypes[now.dtype].size)
            run_case(run, arena);
}

static void check_function(const struct arena *small, const struct arena *large) {
    const int first = OUT - gelu_fast_functions[now.function].inputs;
    const int streams = gelu_fast_find_kernels(now.function, now.dtype).streaming != NULL;
    prepare();
    for (size_t length = 0; length <= LONGEST; length++) {
        for (int in_place = first; in_place < OPERANDS; in_place++) {
            run_everywhere("cached", run_cached, small, length, contiguous, in_place, 1);
            run_everywhere("loop", run_loop, small, length, contiguous, in_place, 5);
        }
        if (streams)
            run_everywhere("streaming", run_streaming, small, length, contiguous, OUT, 1);
        for (int k = 0; k < STRIDED; k++)
            run_everywhere("strided loop", run_loop, small, length, strided[k], OUT, 5);
    }
    /* Around the strided loop's buffer, and where contiguous calls begin to align and to stream. */
    static const size_t around[] = {255, 256, 257, 515};
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++)
        for (int k = 0; k < STRIDED; k++)
            run_everywhere("strided loop", run_loop, large, around[i], strided[k], OUT, 5);
    const size_t aligns_from = 8192 / dtypes[now.dtype].size;
    for (size_t length = aligns_from - 1; length <= aligns_from + 3; length++)
        for (int in_place = first; in_place < OPERANDS; in_place++)
            run_everywhere("long loop", run_loop, large, length, contiguous, in_place, 1);
}

int main(int argc, char **argv) {
    every_alignment = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
#ifndef USE_ADDRESS_SANITIZER /* which reports faults itself */
    signal(SIGSEGV, on_fault);
    signal(SIGBUS, on_fault);
#else
    (void)on_fault;
#endif
    for (int k = 0; k < OUT; k++)
        for (size_t i = 0; i < VALUES; i++)
            inputs[k][i] = random_bits();
    const size_t longest_strided = 515 * LONGEST_STEP * sizeof(double);
    const struct arena small = make_arena(LONGEST * LONGEST_STEP * sizeof(double) + ALIGNMENTS);
    const struct arena large = make_arena(longest_strided + ALIGNMENTS);
    for (int k = 0; (now.isa = gelu_fast_available_isa(k)) != NULL; k++) {
        gelu_fast_set_isa(now.isa);
        for (now.function = 0; now.function < FUNCTION_COUNT; now.function++)
            for (now.dtype = 0; now.dtype < DTYPE_COUNT; now.dtype++)
                check_function(&small, &large);
    }
    printf("%zu cases, %d failed\n", cases, failures);
    return failures != 0;
}
