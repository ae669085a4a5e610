/* Fuzzes the inner loops, and the look-up of bytes, with libFuzzer. The fuzzer chooses ISA,
 * function, kind, length and rows, and the operands' places, steps, overlap and values. The loop
 * must leave every byte of memory as the same kernel does for one element after another, touch
 * nothing else, and treat the floating-point environment alike. Needs no OpenMP: the parts that
 * threads would take run one by one, in an order that the fuzzer chooses too.
 *
 *     .ci/sanitize fuzz [seconds]
 *
 * Linked without parallel.c, and with --wrap=gelu_fast_last_level_cache, so that short arrays are
 * streamed too. */
#define _DEFAULT_SOURCE

#include "dispatch.h"
#include "floating_point.h"
#include "guarded.h"
#include "look_up.h"
#include "kinds.h"
#include "parallel.h"

#include <fenv.h>
#include <stdint.h>

/* Enough for a call that aligns its head and streams the rest, and for four strided buffers. */
enum { ARENA = 16384, LONGEST = 6000, LARGEST_STEP = 20, LARGEST_GAP = 40 };

/* Operands are numbered so that the last input is IN - 1 and the first output IN. */
enum { IN = 3, OPERANDS = 5 };

static const size_t sizes[KIND_COUNT] = {
    [KIND_f16] = 2,         [KIND_bf16] = 2, [KIND_f32] = 4,
    [KIND_f32_relaxed] = 4, [KIND_f64] = 8,  [KIND_f32_correctly_rounded] = 4};
static const int rounding_modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

/* Operands lie in arenas of their own, or in each other's. */
static struct guarded arenas[OPERANDS];
static char pristine[OPERANDS][ARENA], model[OPERANDS][ARENA];

/* Read once: detecting ISAs takes a cpuid, which a virtual machine traps. */
static const char *isas[8];
static size_t isa_count;

/* What the wrapped functions do, chosen anew for each input. */
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

/* The fuzzer's bytes, followed by zeros. */
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

/* The current call. */
static struct {
    int function;
    enum gelu_fast_dtype kind;
    size_t rows, columns;
    int first, end; /* of the operands that the function has */
    int arena[OPERANDS];
    size_t offsets[OPERANDS]; /* of the first element, in bytes */
    intptr_t row_steps[OPERANDS], steps[OPERANDS];
} now;

static _Noreturn void fail(const char *what, size_t where, size_t also) {
    fprintf(stderr, "FAILED: %s: %zu, %zu\n", what, where, also);
    fprintf(stderr, "%s %s, kind %d, %zu rows of %zu\n", gelu_fast_isa(),
            gelu_fast_functions[now.function].name, now.kind, now.rows, now.columns);
    for (int k = now.first; k < now.end; k++)
        fprintf(stderr, "operand %d: arena %d, byte %zu, row step %td, step %td\n", k, now.arena[k],
                now.offsets[k], now.row_steps[k], now.steps[k]);
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

/* Chooses the offset in an arena of an operand that extends from `begin` to `end` around its first
 * element: mostly near one end of the arena. */
static size_t choose_offset(struct input *input, intptr_t begin, intptr_t end, size_t size) {
    const size_t choice = choose(input, ARENA), places = (ARENA - (size_t)(end - begin)) / size + 1;
    const size_t place = choice / 4 % (choice % 4 < 3 && places > 64 ? 64 : places);
    return (choice & 1 ? place : places - 1 - place) * size + (size_t)-begin;
}

/* How far operand k extends before and after its first element, in bytes. */
static void find_extent(int k, size_t size, intptr_t *begin, intptr_t *end) {
    *begin = *end = 0;
    if (now.rows * now.columns == 0)
        return;
    const intptr_t over[] = {(intptr_t)(now.rows - 1) * now.row_steps[k],
                             (intptr_t)(now.columns - 1) * now.steps[k]};
    for (int i = 0; i < 2; i++)
        *(over[i] < 0 ? begin : end) += over[i];
    *end += (intptr_t)size;
}

/* One row, or n elements of a ufunc without rows. Operands may overlap in every way, because reduce
 * and accumulate overlap them, and NumPy does not keep two outputs apart. */
static void choose_row(struct input *input, size_t n, size_t size) {
    now.rows = 1;
    for (int k = now.first; k < now.end; k++) {
        /* Mostly contiguous, because long operands must be. */
        const size_t step = choose(input, 4) ? 1 : choose(input, LARGEST_STEP + 1);
        now.steps[k] = (intptr_t)(step * size) * (choose(input, 4) == 0 ? -1 : 1);
        const size_t most = step == 0 ? LONGEST : (ARENA / size - 1) / step + 1;
        n = n < most ? n : most;
        now.arena[k] = (int)choose(input, (size_t)k + 1);
    }
    now.columns = n;
    for (int k = now.first; k < now.end; k++) {
        intptr_t begin, end;
        find_extent(k, size, &begin, &end);
        now.offsets[k] = choose_offset(input, begin, end, size);
    }
    for (int k = IN; k < now.end; k++) {
        const int same = (int)choose(input, 2 * IN); /* in place, if it is an input */
        if (same >= now.first && same < IN) {
            now.arena[k] = now.arena[same];
            now.steps[k] = now.steps[same];
            now.offsets[k] = now.offsets[same];
        }
    }
}

/* Rows in any order, with gaps, transposed, or one row repeated. An output lies apart from all
 * inputs, or is one of them that has no element twice. Two outputs may overlap. */
static void choose_rows(struct input *input, size_t rows, size_t n, size_t size) {
    n = n < ARENA / size ? n : ARENA / size;
    int repeats[OPERANDS] = {0};
    now.rows = rows;
    now.columns = n / rows;
    for (int k = now.end - 1; k >= now.first; k--) {
        const intptr_t item = (intptr_t)size, columns = (intptr_t)now.columns;
        const intptr_t step = choose(input, 4) ? 1 : 1 + (intptr_t)choose(input, 3);
        const intptr_t gap = choose(input, 2) ? 0 : (intptr_t)choose(input, LARGEST_GAP);
        now.arena[k] = k < IN ? (int)choose(input, (size_t)k + 1)
                              : IN + (int)choose(input, (size_t)(k - IN + 1));
        now.steps[k] = step * item;
        now.row_steps[k] = (columns * step + gap) * item;
        switch (choose(input, 8)) {
        case 0:
            now.steps[k] = (intptr_t)rows * item;
            now.row_steps[k] = item;
            break;
        case 1:
            now.row_steps[k] = -now.row_steps[k];
            break;
        case 2:
            now.steps[k] = -now.steps[k];
            break;
        case 4:
            now.steps[k] = 0;
            repeats[k] = 1;
            break;
        case 5:
        case 6:
            now.row_steps[k] = 0;
            repeats[k] = 1;
            break;
        default:
            break;
        }
        intptr_t begin, end;
        find_extent(k, size, &begin, &end);
        if (end - begin > ARENA) {
            now.steps[k] = item;
            now.row_steps[k] = columns * item;
            find_extent(k, size, &begin, &end);
        }
        now.offsets[k] = choose_offset(input, begin, end, size);
        const int same = (int)choose(input, 2 * OPERANDS); /* in place, if it is an output */
        if (k < IN && same >= IN && same < now.end && !repeats[same]) {
            now.arena[k] = now.arena[same];
            now.steps[k] = now.steps[same];
            now.row_steps[k] = now.row_steps[same];
            now.offsets[k] = now.offsets[same];
        }
    }
}

static char *element(char *begin, int k, size_t i) {
    return begin + (intptr_t)(i / now.columns) * now.row_steps[k] +
           (intptr_t)(i % now.columns) * now.steps[k];
}

/* The look-up: operand 0 is the table, 1 the input, 2 the output, perhaps in the input's arena. */
static void fuzz_look_up(struct input *input) {
    enum { ENTRIES = 256 };
    const size_t rows = choose(input, 4) ? 1 : choose(input, 20);
    const size_t most = rows == 0 ? 0 : ARENA / 2 / rows;
    const size_t n = choose(input, 4) ? choose(input, 200) % (most + 1) : choose(input, most + 1);
    const int in_place = choose(input, 4) == 0;
    part_elements = choose(input, 2) ? 1 + choose(input, 100) : ARENA;
    first_part = choose(input, 256);
    now.first = 0, now.end = 3, now.rows = rows, now.columns = n;
    for (int k = 0; k < 3; k++) {
        intptr_t begin = 0, end = ENTRIES;
        now.arena[k] = k;
        now.steps[k] = 1;
        if (k > 0) {
            now.steps[k] = choose(input, 4) ? 1 : (intptr_t)(1 + choose(input, 2));
            now.row_steps[k] = (intptr_t)n * now.steps[k];
            now.steps[k] *= choose(input, 4) ? 1 : -1;
            now.row_steps[k] *= choose(input, 4) ? 1 : -1;
            find_extent(k, 1, &begin, &end);
        }
        now.offsets[k] = choose_offset(input, begin, end, 1);
    }
    if (in_place) {
        now.arena[2] = 1;
        now.steps[2] = now.steps[1];
        now.row_steps[2] = now.row_steps[1];
        now.offsets[2] = now.offsets[1];
    }
    char *arguments[3], *expected[3];
    for (int k = 0; k < 3; k++) {
        memcpy(model[k], pristine[k], ARENA);
        memcpy(arenas[k].begin, pristine[k], ARENA);
        FORBID(arenas[k].begin, ARENA);
    }
    for (int k = 0; k < 3; k++) {
        arguments[k] = arenas[now.arena[k]].begin + now.offsets[k];
        expected[k] = model[now.arena[k]] + now.offsets[k];
        intptr_t begin = 0, end = ENTRIES;
        if (k > 0)
            find_extent(k, 1, &begin, &end);
        ALLOW(arguments[k] + begin, (size_t)(end - begin));
    }
    const intptr_t dimensions[] = {(intptr_t)rows, ENTRIES, (intptr_t)n};
    const intptr_t steps[] = {0, now.row_steps[1], now.row_steps[2], 1, now.steps[1], now.steps[2]};
    gelu_fast_look_up_loop(arguments, dimensions, steps, NULL);
    for (size_t i = 0; i < rows * n; i++)
        *element(expected[2], 2, i) = expected[0][(uint8_t)*element(expected[1], 1, i)];
    for (int k = 0; k < 3; k++) {
        ALLOW(arenas[k].begin, ARENA);
        if (memcmp(arenas[k].begin, model[k], ARENA) != 0)
            fail("memory differs from one look-up after the other, in arena", (size_t)k, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t data_size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t data_size) {
    struct input input = {data, data_size};
    gelu_fast_set_isa(isas[choose(&input, isa_count)]);
    memset(&now, 0, sizeof now);
    const size_t chosen = choose(&input, FUNCTION_COUNT + 1);
    if (chosen == FUNCTION_COUNT) {
        fuzz_look_up(&input);
        return 0;
    }
    const int function = chosen;
    const struct gelu_fast_function_info *const info = &gelu_fast_functions[function];
    const enum gelu_fast_dtype kind = (int)choose(&input, KIND_COUNT);
    gelu_fast_kernel *const kernel = find_kernel(function, kind);
    if (kernel == NULL)
        return 0;
    const size_t size = sizes[kind];
    const int first = IN - info->inputs, end = IN + info->outputs;
    cache_bytes = choose(&input, 2) ? 256 : SIZE_MAX / 4;
    const int rounding = rounding_modes[choose(&input, 4)];
    const int raised = choose(&input, 2) ? FE_DIVBYZERO | FE_OVERFLOW : 0;
    const size_t most = choose(&input, 16) == 0 ? choose(&input, LONGEST) : choose(&input, 200);
    const size_t rows = info->takes_rows ? choose(&input, choose(&input, 2) ? 5 : 70) : 1;
    now.function = function, now.kind = kind, now.first = first, now.end = end;
    if (rows == 1)
        choose_row(&input, most, size);
    else
        choose_rows(&input, rows > 0 ? rows : 2, rows > 0 ? most : 0, size);
    const size_t n = now.rows * now.columns;
    part_elements = choose(&input, 2) ? 1 + choose(&input, LONGEST) : n + 1;
    first_part = choose(&input, 256);

    /* The values are the fuzzer's, as far as they go. */
    char *arguments[OPERANDS] = {NULL}, *expected[OPERANDS] = {NULL};
    for (int k = 0; k < OPERANDS; k++) {
        FORBID(arenas[k].begin, ARENA);
        memcpy(model[k], pristine[k], ARENA);
    }
    for (int k = first; k < end; k++)
        expected[k] = model[now.arena[k]] + now.offsets[k];
    for (size_t i = 0; i < n && input.size >= size; i++)
        for (int k = first; k < IN && input.size >= size; k++) {
            memcpy(element(expected[k], k, i), input.data, size);
            input.data += size, input.size -= size;
        }
    for (int k = 0; k < OPERANDS; k++) {
        ALLOW(arenas[k].begin, ARENA);
        memcpy(arenas[k].begin, model[k], ARENA);
        FORBID(arenas[k].begin, ARENA);
    }
    for (int k = first; k < end; k++) {
        intptr_t before, behind;
        find_extent(k, size, &before, &behind);
        arguments[k] = arenas[now.arena[k]].begin + now.offsets[k];
        ALLOW(arguments[k] + before, (size_t)(behind - before));
    }

    /* The loop, in an environment that its caller may have set. */
    fesetround(rounding);
    feclearexcept(FE_ALL_EXCEPT);
    feraiseexcept(raised);
    feclearexcept(FE_ALL_EXCEPT & ~raised); /* glibc raises inexact along with overflow */
    void *const loop = loop_of(function, kind);
    const intptr_t dimensions[] = {(intptr_t)now.rows, (intptr_t)now.columns};
    intptr_t all_steps[2 * OPERANDS];
    for (int k = first; k < end; k++) {
        all_steps[k - first] = now.row_steps[k];
        all_steps[end - first + k - first] = now.steps[k];
    }
    if (info->takes_rows)
        gelu_fast_generalized_ufunc_loop(arguments + first, dimensions, all_steps, loop);
    else
        gelu_fast_ufunc_loop(arguments + first, dimensions + 1, now.steps + first, loop);
    const int exceptions = fetestexcept(FE_ALL_EXCEPT), rounding_after = fegetround();
    fesetround(FE_TONEAREST);

    /* The model: one element after another. */
    int errors = 0;
    for (size_t i = 0; i < n; i++) {
        char *operands[OPERANDS] = {NULL};
        for (int k = first; k < end; k++)
            operands[k] = element(expected[k], k, i);
        const floating_point_state state = floating_point_begin();
        kernel(operands + first, GELU_FAST_AHEAD, 1, 0);
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
    if (exceptions != (raised | (info->raises ? errors : 0)))
        fail("the exceptions are others", (size_t)exceptions, (size_t)(raised | errors));
    return 0;
}
