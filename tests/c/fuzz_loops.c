/* Fuzzes the inner loops by libFuzzer: ISA, function, dtype, length, where the operands lie, their
 * steps, whether they overlap, and their values are the fuzzer's choice. The loop must leave in every
 * byte of memory what one element after the other through the same kernel leaves there, touch nothing
 * else, and treat the floating-point environment alike. Needs no OpenMP: the parts that threads would
 * take are run here one by one, in an order that the fuzzer chooses as well.
 *
 *     .ci/sanitize fuzz [seconds]
 *
 * Linked without parallel.c, and with --wrap=gelu_fast_last_level_cache, so that short arrays are
 * streamed too. */
#define _DEFAULT_SOURCE

#include "dispatch.h"
#include "floating_point.h"
#include "guarded.h"
#include "loops.h"
#include "parallel.h"

#include <stdint.h>

/* Enough for a call that aligns its head and streams the rest, and for four buffers of strided ones. */
enum { ARENA = 16384, LONGEST = 6000, LARGEST_STEP = 20, OPERANDS = 3, OUT = OPERANDS - 1 };

static const size_t sizes[DTYPE_COUNT] = {
    [DTYPE_f16] = 2, [DTYPE_bf16] = 2, [DTYPE_f32] = 4, [DTYPE_f32_relaxed] = 4, [DTYPE_f64] = 8};
static const int rounding_modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

/* Operands lie in arenas of their own, or in each other's. */
static struct guarded arenas[OPERANDS];
static char pristine[OPERANDS][ARENA], model[OPERANDS][ARENA];

/* Asked for once: the answer takes a cpuid, which a virtual machine traps. */
static const char *isas[8];
static size_t isa_count;

/* What the wrapped functions do; each input chooses anew. */
static size_t cache_bytes, part_elements, first_part;

size_t __wrap_gelu_fast_last_level_cache(void);
size_t __wrap_gelu_fast_last_level_cache(void) { return cache_bytes; }

int gelu_fast_parallel_for(size_t n, size_t cost, gelu_fast_task *task, const void *context) {
    const size_t parts = (n + part_elements - 1) / part_elements;
    int exceptions = 0;
    (void)cost;
    for (size_t i = 0; i < parts; i++) {
        const size_t begin = (first_part + i) % parts * part_elements;
        exceptions |= task(context, begin, n - begin < part_elements ? n : begin + part_elements);
    }
    return exceptions;
}

/* The fuzzer's bytes, and zeros after the last. */
struct input {
    const uint8_t *data;
    size_t size;
};

static size_t choose(struct input *input, size_t count) {
    size_t value = 0;
    for (size_t limit = 1; limit < count; limit <<= 8) {
        value = value << 8 | (input->size > 0 ? *input->data : 0);
        if (input->size > 0)
            input->data++, input->size--;
    }
    return value % count;
}

/* What is run now. */
static struct {
    enum gelu_fast_function function;
    enum gelu_fast_dtype dtype;
    size_t n;
    int arena[OPERANDS];
    size_t offsets[OPERANDS]; /* of the first element, in bytes */
    intptr_t steps[OPERANDS];
} now;

static _Noreturn void fail(const char *what, size_t where, size_t also) {
    fprintf(stderr, "FAILED: %s: %zu, %zu\n", what, where, also);
    fprintf(stderr, "%s %s, dtype %d, %zu elements\n", gelu_fast_isa(),
            gelu_fast_functions[now.function].name, now.dtype, now.n);
    for (int k = 0; k < OPERANDS; k++)
        fprintf(stderr, "operand %d: arena %d, byte %zu, step %td\n", k, now.arena[k],
                now.offsets[k], now.steps[k]);
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    uint64_t state = 88172645463325252u; /* xorshift64*, Vigna 2016 */
    (void)argc, (void)argv;
    while (isa_count < 8 && (isas[isa_count] = gelu_fast_available_isa((int)isa_count)) != NULL)
        isa_count++;
    for (int k = 0; k < OPERANDS; k++) {
        arenas[k] = guarded_pages(ARENA);
        if (arenas[k].end - arenas[k].begin != ARENA)
            fail("pages are not of a size that divides the arena's", ARENA, 0);
        for (size_t i = 0; i < ARENA; i++) {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            pristine[k][i] = (char)(state * 2685821657736338717u >> 56);
        }
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t data_size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t data_size) {
    struct input input = {data, data_size};
    gelu_fast_set_isa(isas[choose(&input, isa_count)]);
    const enum gelu_fast_function function =
        (enum gelu_fast_function)choose(&input, FUNCTION_COUNT);
    const enum gelu_fast_dtype dtype = (enum gelu_fast_dtype)choose(&input, DTYPE_COUNT);
    const gelu_fast_kernel_pair kernels = gelu_fast_find_kernels(function, dtype);
    const size_t size = sizes[dtype];
    const int first = OUT - gelu_fast_functions[function].inputs;
    cache_bytes = choose(&input, 2) ? 256 : SIZE_MAX / 4;
    const int rounding = rounding_modes[choose(&input, 4)];
    const int raised = choose(&input, 2) ? FE_DIVBYZERO | FE_OVERFLOW : 0;
    size_t n = choose(&input, 16) == 0 ? choose(&input, LONGEST) : choose(&input, 200);

    /* Where each operand lies. */
    memset(&now, 0, sizeof now);
    int *const arena = now.arena;
    intptr_t *const steps = now.steps;
    size_t *const offsets = now.offsets;
    for (int k = first; k < OPERANDS; k++) {
        /* Mostly contiguous, as long ones have to be. */
        const size_t step = choose(&input, 4) ? 1 : choose(&input, LARGEST_STEP + 1);
        steps[k] = (intptr_t)(step * size) * (choose(&input, 4) == 0 ? -1 : 1);
        const size_t most = step == 0 ? LONGEST : (ARENA / size - 1) / step + 1;
        n = n < most ? n : most;
        arena[k] = (int)choose(&input, (size_t)k + 1);
        offsets[k] = choose(&input, ARENA); /* what becomes of it, n says */
    }
    const int same_as_out = (int)choose(&input, 6); /* in place, if it is an input */
    for (int k = first; k < OPERANDS; k++) {
        const size_t magnitude = (size_t)(steps[k] < 0 ? -steps[k] : steps[k]);
        const size_t bytes = n == 0 ? 0 : (n - 1) * magnitude + size;
        const size_t places = (ARENA - bytes) / size + 1;
        /* Near the begin or near the end, for the most part. */
        const size_t offset = offsets[k] / 4 % (offsets[k] % 4 < 3 && places > 64 ? 64 : places);
        offsets[k] = (offsets[k] & 1 ? offset : places - 1 - offset) * size;
        if (steps[k] < 0 && n > 0)
            offsets[k] += bytes - size;
    }
    if (same_as_out >= first && same_as_out < OUT) {
        arena[OUT] = arena[same_as_out];
        steps[OUT] = steps[same_as_out];
        offsets[OUT] = offsets[same_as_out];
    }
    now.function = function, now.dtype = dtype, now.n = n;
    part_elements = choose(&input, 2) ? 1 + choose(&input, LONGEST) : n + 1;
    first_part = choose(&input, 256);

    /* Values: those of the fuzzer as far as they go. */
    char *arguments[OPERANDS] = {NULL}, *expected[OPERANDS] = {NULL};
    for (int k = 0; k < OPERANDS; k++) {
        FORBID(arenas[k].begin, ARENA);
        memcpy(model[k], pristine[k], ARENA);
    }
    for (int k = first; k < OPERANDS; k++)
        expected[k] = model[arena[k]] + offsets[k];
    for (size_t i = 0; i < n && input.size >= size; i++)
        for (int k = first; k < OUT && input.size >= size; k++) {
            memcpy(expected[k] + (intptr_t)i * steps[k], input.data, size);
            input.data += size, input.size -= size;
        }
    for (int k = 0; k < OPERANDS; k++) {
        ALLOW(arenas[k].begin, ARENA);
        memcpy(arenas[k].begin, model[k], ARENA);
        FORBID(arenas[k].begin, ARENA);
    }
    for (int k = first; k < OPERANDS && n > 0; k++) {
        arguments[k] = arenas[arena[k]].begin + offsets[k];
        const intptr_t span = (intptr_t)(n - 1) * steps[k];
        ALLOW(span < 0 ? arguments[k] + span : arguments[k],
              (size_t)(span < 0 ? -span : span) + size);
    }

    /* The loop, as its caller may have set the environment. */
    fesetround(rounding);
    feclearexcept(FE_ALL_EXCEPT);
    feraiseexcept(raised);
    feclearexcept(FE_ALL_EXCEPT & ~raised); /* the inexact that glibc raises with an overflow */
    const intptr_t count = (intptr_t)n;
    gelu_fast_ufunc_loop(arguments + first, &count, steps + first,
                         (void *)&gelu_fast_loops[function][dtype]);
    const int exceptions = fetestexcept(FE_ALL_EXCEPT), rounding_after = fegetround();
    fesetround(FE_TONEAREST);

    /* One element after the other. */
    int errors = 0;
    for (size_t i = 0; i < n; i++) {
        const char *const grad = first == 0 ? expected[0] + (intptr_t)i * steps[0] : NULL;
        const floating_point_state state = floating_point_begin();
        kernels.cached(grad, expected[1] + (intptr_t)i * steps[1],
                       expected[OUT] + (intptr_t)i * steps[OUT], 1);
        errors |= floating_point_end(state);
    }
    for (int k = 0; k < OPERANDS; k++) {
        ALLOW(arenas[k].begin, ARENA);
        if (memcmp(arenas[k].begin, model[k], ARENA) == 0)
            continue;
        size_t i = 0;
        while (arenas[k].begin[i] == model[k][i])
            i++;
        fail("memory differs from one element after the other, at arena and byte", (size_t)k, i);
    }
    if (rounding_after != rounding)
        fail("the rounding mode is another", (size_t)rounding_after, (size_t)rounding);
    if (exceptions != (raised | (first == 0 ? errors : 0)))
        fail("the exceptions are others", (size_t)exceptions, (size_t)(raised | errors));
    return 0;
}
