/* Checks that no kernel and no inner loop reads or writes a byte outside its arrays, which lie
 * against pages that fault: every ISA, function and kind, cached and streaming stores, in place or
 * not, strides, rows, at every alignment modulo 64, and the look-up of bytes. Lengths are 0 to 130
 * and those at which src/loops.c changes its method. The other forms of GELU and relaxed float32
 * access memory as the exact form does, so they run at fewer alignments. Where kernels are slow to
 * run, an argument n keeps only every n-th alignment, always including the pages' edges, and fewer
 * lengths of the kernels that are like another.
 *
 *     .ci/check_isas native | neon | riscv64 | s390x | ppc64le
 *
 * Linked with --wrap=gelu_fast_last_level_cache, so that loops.c streams short arrays too. */
#define _DEFAULT_SOURCE

#include "dispatch.h"
#include "guarded.h"
#include "look_up.h"
#include "kinds.h"

#include <signal.h>
#include <stdint.h>

/* Operands are numbered so that the last input is IN - 1 and the first output IN. */
enum { IN = 3, OUT = 2, OPERANDS = IN + OUT, ALIGNMENTS = 64, CANARY = 0x5a };
enum { LONGEST = 130, LONGEST_STEP = 3, LONG_ROW = 4096 + 3, EXTRA = 64 };
enum { VALUES = 2 * LONG_ROW + EXTRA };

static const struct {
    const char *name;
    size_t size;
} kinds[KIND_COUNT] = {
    [KIND_f16] = {"float16", 2}, [KIND_bf16] = {"bfloat16", 2},
    [KIND_f32] = {"float32", 4}, [KIND_f32_relaxed] = {"float32 relaxed", 4},
    [KIND_f64] = {"float64", 8}, [KIND_f32_correctly_rounded] = {"float32 correctly rounded", 4},
};

/* How operands are traversed: steps in elements, and where the next row lies: right after the
 * previous one, after a gap, or before it. STILL repeats the same row. */
enum next_row { NEXT, GAP, BEFORE, STILL };
enum { GAP_ELEMENTS = 3 };
struct walk {
    int steps[OPERANDS];
    enum next_row next_row[OPERANDS];
};

static const struct walk contiguous = {{1, 1, 1, 1, 1}, {NEXT}};
static const struct walk strided[] = {
    {{-1, -1, -1, -1, -1}, {NEXT}}, {{2, 3, 2, 1, 3}, {NEXT}},   {{1, 0, 1, 2, 1}, {NEXT}},
    {{0, 1, 0, -3, 2}, {NEXT}},     {{1, -2, 3, 1, -1}, {NEXT}}, {{1, 1, -1, 1, 2}, {NEXT}},
};
static const struct walk over_rows[] = {
    {{1, 1, 1, 1, 1}, {NEXT, NEXT, NEXT, NEXT, NEXT}},
    {{1, 1, 1, 1, 1}, {NEXT, NEXT, STILL, NEXT, NEXT}},
    {{1, 1, 1, 1, 1}, {GAP, GAP, GAP, GAP, GAP}},
    {{1, 1, 1, 1, 1}, {STILL, BEFORE, NEXT, BEFORE, GAP}},
    {{2, 1, 0, 1, -1}, {GAP, STILL, STILL, GAP, NEXT}},
    {{1, 1, -2, 3, 1}, {NEXT, NEXT, BEFORE, NEXT, BEFORE}},
};
enum { STRIDED = sizeof strided / sizeof strided[0] };
enum { CONTIGUOUS_ROWS = 4, OVER_ROWS = sizeof over_rows / sizeof over_rows[0] };

/* The current case: where its arrays lie, and how they are traversed. */
static struct {
    const char *isa, *how;
    int function, kind, at_end;
    size_t rows, columns, distance; /* of the first output from the edge, in bytes */
    const struct walk *walk;
    int in_place[OUT]; /* the operand whose memory an output uses: itself or an input */
} now;

static size_t cases, every_alignment = 1;
static int failures;

static void fail(const char *what) {
    if (failures++ >= 20)
        return;
    printf("FAILED: %s: %s %s %s, %s, %zu rows of %zu, %zu bytes from the %s of the pages, outputs "
           "are operands %d and %d, steps and next rows",
           what, now.isa, gelu_fast_functions[now.function].name, kinds[now.kind].name, now.how,
           now.rows, now.columns, now.distance, now.at_end ? "end" : "begin", now.in_place[0],
           now.in_place[1]);
    for (int k = 0; k < OPERANDS; k++)
        printf(" %d %d", now.walk->steps[k], (int)now.walk->next_row[k]);
    printf("\n");
}

/* A kernel faulted, not the C library, so printf is safe in this handler. */
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

static int first_operand(void) { return IN - gelu_fast_functions[now.function].inputs; }
static int end_of_operands(void) { return IN + gelu_fast_functions[now.function].outputs; }

/* In bytes. */
static intptr_t step_of(int k) { return now.walk->steps[k] * (intptr_t)kinds[now.kind].size; }
static intptr_t row_step_of(int k) {
    const intptr_t row = (intptr_t)now.columns * step_of(k);
    switch (now.walk->next_row[k]) {
    case NEXT:
        return row;
    case GAP:
        return row + GAP_ELEMENTS * step_of(k);
    case BEFORE:
        return -row;
    default:
        return 0;
    }
}

/* What the inputs hold; what a case sees of them (less, if an operand repeats elements); and the
 * expected results, computed in one large array that begins with what the case sees. */
static uint64_t inputs[IN][VALUES], seen[IN][VALUES], expected[OUT][VALUES];

static void prepare(void) {
    const size_t size = kinds[now.kind].size, n = now.rows * now.columns;
    char *const operands[OPERANDS] = {(char *)seen[0], (char *)seen[1], (char *)seen[2],
                                      (char *)expected[0], (char *)expected[1]};
    for (int k = first_operand(); k < IN; k++) {
        const char *const input = (const char *)inputs[k];
        memcpy(operands[k], input, (n + EXTRA) * size);
        for (size_t i = 0; i < n && (now.walk->next_row[k] == STILL || now.walk->steps[k] == 0);
             i++) {
            const size_t row = now.walk->next_row[k] == STILL ? 0 : i / now.columns;
            const size_t column = now.walk->steps[k] == 0 ? 0 : i % now.columns;
            memcpy(operands[k] + i * size, input + (row * now.columns + column) * size, size);
        }
    }
    find_kernel(now.function, now.kind)(operands + first_operand(), GELU_FAST_AHEAD, n + EXTRA, 0);
}

static int is_canary(const char *from, const char *to) {
    return *from == CANARY && memcmp(from, from + 1, (size_t)(to - from) - 1) == 0;
}

/* Calls `each` for every contiguous part of operand k; i is the index of its first element. */
typedef int visitor(int k, char *part, size_t i, size_t n);
static int for_each_part(int k, char *array, visitor *each) {
    const size_t n = now.walk->steps[k] == 1 ? now.columns : 1;
    int result = 1;
    for (size_t row = 0; row < now.rows; row++)
        for (size_t column = 0; column < now.columns; column += n)
            result &=
                each(k, array + (intptr_t)row * row_step_of(k) + (intptr_t)column * step_of(k),
                     row * now.columns + column, n);
    return result;
}

static int put(int k, char *part, size_t i, size_t n) {
    const size_t size = kinds[now.kind].size;
    ALLOW(part, n * size);
    if (k < IN)
        memcpy(part, (const char *)seen[k] + i * size, n * size);
    return 1;
}
static int is_equal(int k, char *part, size_t i, size_t n) {
    const size_t size = kinds[now.kind].size;
    return memcmp(part, (const char *)(k < IN ? seen[k] : expected[k - IN]) + i * size, n * size) ==
           0;
}
static int make_canary(int k, char *part, size_t i, size_t n) {
    (void)k, (void)i;
    memset(part, CANARY, n * kinds[now.kind].size);
    return 1;
}

/* Runs the code under test with the function's operands. */
typedef void runner(char *arrays[], const intptr_t row_steps[], const intptr_t steps[]);

static void run_cached(char *arrays[], const intptr_t row_steps[], const intptr_t steps[]) {
    (void)row_steps, (void)steps;
    find_kernel(now.function, now.kind)(arrays, GELU_FAST_AHEAD, now.columns, 0);
}
static void run_streaming(char *arrays[], const intptr_t row_steps[], const intptr_t steps[]) {
    (void)row_steps, (void)steps;
    find_kernel(now.function, now.kind)(arrays, GELU_FAST_AHEAD, now.columns, 1);
}
static void run_loop(char *arrays[], const intptr_t row_steps[], const intptr_t steps[]) {
    void *const data = loop_of(now.function, now.kind);
    const size_t operands = (size_t)(end_of_operands() - first_operand());
    const intptr_t dimensions[] = {(intptr_t)now.rows, (intptr_t)now.columns};
    intptr_t all_steps[2 * OPERANDS];
    memcpy(all_steps, row_steps, operands * sizeof *row_steps);
    memcpy(all_steps + operands, steps, operands * sizeof *steps);
    if (gelu_fast_functions[now.function].takes_rows)
        gelu_fast_generalized_ufunc_loop(arrays, dimensions, all_steps, data);
    else
        gelu_fast_ufunc_loop(arrays, dimensions + 1, steps, data);
}

/* Pages in which every byte is a canary between two cases. */
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
    const size_t size = kinds[now.kind].size;
    const int first = first_operand(), end = end_of_operands();
    const int is_empty = now.rows * now.columns == 0;
    char *arrays[OPERANDS] = {NULL};
    intptr_t row_steps[OPERANDS] = {0}, steps[OPERANDS] = {0};
    cases++;
    for (int k = first; k < end; k++)
        FORBID(arena->pages[k].begin, (size_t)(arena->pages[k].end - arena->pages[k].begin));
    for (int k = first; k < end; k++) {
        const struct guarded pages = arena->pages[k];
        const int place = k < IN ? k : now.in_place[k - IN];
        row_steps[k] = row_step_of(place);
        steps[k] = step_of(place);
        if (place != k) {
            arrays[k] = arrays[place];
            continue;
        }
        const intptr_t over_rows = is_empty ? 0 : ((intptr_t)now.rows - 1) * row_steps[k];
        const intptr_t over_row = is_empty ? 0 : ((intptr_t)now.columns - 1) * steps[k];
        const intptr_t before = (over_rows < 0 ? over_rows : 0) + (over_row < 0 ? over_row : 0);
        const size_t bytes = is_empty ? 0 : (size_t)(labs(over_rows) + labs(over_row)) + size;
        /* Odd multiples modulo 64 cover every alignment too, and are all 0 at the edge. */
        const size_t distance =
            now.distance * (size_t)(2 * ((k + OUT) % OPERANDS) + 1) % ALIGNMENTS;
        char *low = now.at_end ? pages.end - bytes - distance : pages.begin + distance;
        if (k >= IN && run == run_streaming)
            low -= (uintptr_t)low % GELU_FAST_STREAMING_ALIGNMENT;
        arrays[k] = low - before;
        for_each_part(k, arrays[k], put);
    }
    run(arrays + first, row_steps + first, steps + first);
    for (int k = first; k < end; k++)
        ALLOW(arena->pages[k].begin, (size_t)(arena->pages[k].end - arena->pages[k].begin));
    int is_right = 1, is_kept = 1;
    for (int k = first; k < IN; k++)
        if (k != now.in_place[0] && k != now.in_place[1])
            is_kept &= for_each_part(k, arrays[k], is_equal);
    for (int k = IN; k < end; k++) {
        /* An output in place has the input's steps, but its own values. */
        const struct walk *const walk = now.walk;
        struct walk in_place = *walk;
        in_place.steps[k] = walk->steps[now.in_place[k - IN]];
        in_place.next_row[k] = walk->next_row[now.in_place[k - IN]];
        now.walk = &in_place;
        is_right &= for_each_part(k, arrays[k], is_equal);
        for_each_part(k, arrays[k], make_canary);
        now.walk = walk;
    }
    if (!is_right)
        fail("another result than in one large array");
    if (!is_kept)
        fail("an input was written to");
    for (int k = first; k < IN; k++)
        for_each_part(k, arrays[k], make_canary);
    for (int k = first; k < end; k++)
        if (!is_canary(arena->pages[k].begin, arena->pages[k].end)) {
            fail("written outside");
            memset(arena->pages[k].begin, CANARY,
                   (size_t)(arena->pages[k].end - arena->pages[k].begin));
        }
}

static int is_like_another(void) {
    return now.function >= FUNCTION_gelu_tanh || now.kind == KIND_f32_relaxed;
}

/* At both ends of the pages, then at distances of `every` elements; 1 covers all alignments. */
static void run_everywhere(const char *how, runner *run, const struct arena *arena, size_t every) {
    every *= is_like_another() ? 5 : 1;
    now.how = how;
    for (now.at_end = 0; now.at_end <= 1; now.at_end++)
        for (now.distance = 0; now.distance < ALIGNMENTS;
             now.distance += every * every_alignment * kinds[now.kind].size)
            run_case(run, arena);
}

static void choose(size_t rows, size_t columns, const struct walk *walk) {
    now.rows = rows;
    now.columns = columns;
    now.walk = walk;
    for (int k = 0; k < OUT; k++)
        now.in_place[k] = IN + k;
    prepare();
}

/* Chooses the next way to compute in place: one output in an input, or two in two inputs. */
static int next_in_place(void) {
    const int outputs = gelu_fast_functions[now.function].outputs, first = first_operand();
    do {
        int k = 0; /* an odometer: each output runs through its own place and all inputs */
        while (k < outputs && now.in_place[k] == IN - 1)
            now.in_place[k] = IN + k, k++;
        if (k == outputs)
            return 0;
        now.in_place[k] = now.in_place[k] >= IN ? first : now.in_place[k] + 1;
    } while (now.in_place[0] == now.in_place[1]);
    return 1;
}

static void check_rows(const struct arena *large) {
    /* Rows that share a call or do not, one or several of them per buffer, and empty rows. */
    static const size_t shapes[][2] = {{2, 1},  {3, 5},   {9, 31},  {5, 63}, {3, 64},
                                       {2, 65}, {3, 130}, {40, 13}, {0, 5},  {3, 0}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (int k = 0; k < OVER_ROWS; k++) {
            choose(shapes[i][0], shapes[i][1], &over_rows[k]);
            run_everywhere("rows", run_loop, large, 5);
            while (k == 2 && next_in_place())
                run_everywhere("rows in place", run_loop, large, 11);
        }
    /* Rows long enough that each aligns its head and streams. */
    for (int k = 0; k < CONTIGUOUS_ROWS; k++) {
        choose(2, 8192 / kinds[now.kind].size + 3, &over_rows[k]);
        run_everywhere("long rows", run_loop, large, 3);
    }
}

static void check_function(const struct arena *small, const struct arena *large) {
    const size_t lengths_apart = every_alignment > 1 && is_like_another() ? 7 : 1;
    const size_t in_place_apart = every_alignment > 1 ? 5 : 1;
    for (size_t length = 0; length <= LONGEST; length += lengths_apart) {
        choose(1, length, &contiguous);
        run_everywhere("streaming", run_streaming, small, 1);
        do {
            run_everywhere("cached", run_cached, small, 1);
            run_everywhere("loop", run_loop, small, 5);
        } while (length % in_place_apart == 0 && next_in_place());
        for (int k = 0; k < STRIDED; k++) {
            choose(1, length, &strided[k]);
            run_everywhere("strided loop", run_loop, small, 5);
        }
    }
    /* Around the strided loop's buffer size, and where contiguous calls align and stream. */
    static const size_t around[] = {255, 256, 257, 515};
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++)
        for (int k = 0; k < STRIDED; k++) {
            choose(1, around[i], &strided[k]);
            run_everywhere("strided loop", run_loop, large, 5);
        }
    const size_t aligns_from = 8192 / kinds[now.kind].size;
    for (size_t length = aligns_from - 1; length <= aligns_from + 3; length++) {
        choose(1, length, &contiguous);
        do
            run_everywhere("long loop", run_loop, large, 1);
        while (length % in_place_apart == 0 && next_in_place());
    }
    if (gelu_fast_functions[now.function].takes_rows)
        check_rows(large);
}

/* The look-up of `rows` rows of n bytes, one byte apart if there are several. */
static void check_look_up(const struct arena *arena, size_t rows, size_t n, size_t distance,
                          int step, int in_place, int at_end) {
    enum { ENTRIES = 256 };
    const uint8_t *const values = (const uint8_t *)inputs[0], *const table = values + VALUES;
    const size_t magnitude = (size_t)abs(step), gap = rows > 1;
    const size_t row_bytes = (n == 0 ? 0 : (n - 1) * magnitude + 1) + gap;
    const size_t bytes = rows * row_bytes, sizes[] = {ENTRIES, bytes, bytes};
    const intptr_t row_step = (intptr_t)row_bytes, first = step < 0 && n > 0 ? (intptr_t)n - 1 : 0;
    const intptr_t dimensions[] = {(intptr_t)rows, ENTRIES, (intptr_t)n};
    const intptr_t steps[] = {0, row_step, row_step, 1, step, step};
    char *arrays[3];
    int is_right = 1;
    cases++;
    for (int k = 0; k < 3; k++) {
        const struct guarded pages = arena->pages[k];
        FORBID(pages.begin, (size_t)(pages.end - pages.begin));
        arrays[k] = at_end ? pages.end - sizes[k] - distance : pages.begin + distance;
        ALLOW(arrays[k], sizes[k]);
    }
    memcpy(arrays[0], table, ENTRIES);
    memcpy(arrays[1], values, bytes);
    const uint8_t *const out = (const uint8_t *)arrays[in_place ? 1 : 2];
    char *operands[] = {arrays[0], arrays[1] + first, arrays[in_place ? 1 : 2] + first};
    gelu_fast_look_up_loop(operands, dimensions, steps, NULL);
    for (int k = 0; k < 3; k++)
        ALLOW(arena->pages[k].begin, (size_t)(arena->pages[k].end - arena->pages[k].begin));
    for (size_t i = 0; i < bytes; i++) {
        const size_t column = i % row_bytes;
        const int is_element = column + gap < row_bytes && column % magnitude == 0;
        is_right &= out[i] == (is_element ? table[values[i]] : in_place ? values[i] : CANARY);
    }
    is_right &= in_place || memcmp(arrays[1], values, bytes) == 0;
    is_right &= memcmp(arrays[0], table, ENTRIES) == 0;
    for (int k = 0; k < 3; k++) {
        memset(arrays[k], CANARY, sizes[k]);
        is_right &= is_canary(arena->pages[k].begin, arena->pages[k].end);
    }
    if (!is_right && failures++ < 20)
        printf("FAILED: look-up: %s, %zu rows of %zu, %zu bytes from the edge, step %d\n", now.isa,
               rows, n, distance, step);
}

static void check_look_ups(const struct arena *arena) {
    static const int steps[] = {-1, 2, 3};
    for (size_t n = 0; n <= 2 * LONGEST; n++)
        for (int which = 0; which < 8; which++) {
            const size_t rows = which & 4 ? 3 : 1;
            for (size_t distance = 0; distance < ALIGNMENTS; distance += every_alignment)
                check_look_up(arena, rows, n, distance, 1, which & 1, which & 2);
            for (int k = 0; k < 3; k++)
                check_look_up(arena, rows, n, n % ALIGNMENTS, steps[k], which & 1, which & 2);
        }
}

int main(int argc, char **argv) {
    every_alignment = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
#ifndef USE_ADDRESS_SANITIZER /* which reports faults itself */
    signal(SIGSEGV, on_fault);
    signal(SIGBUS, on_fault);
#else
    (void)on_fault;
#endif
    for (int k = 0; k < IN; k++)
        for (size_t i = 0; i < VALUES; i++)
            inputs[k][i] = random_bits();
    const size_t most = 2 * (8192 + 2 * GAP_ELEMENTS * sizeof(double)); /* two long rows */
    const struct arena small = make_arena(LONGEST * LONGEST_STEP * sizeof(double) + ALIGNMENTS);
    const struct arena large = make_arena(most + ALIGNMENTS);
    for (int k = 0; (now.isa = gelu_fast_available_isa(k)) != NULL; k++) {
        gelu_fast_set_isa(now.isa);
        check_look_ups(&small);
        for (now.function = 0; now.function < FUNCTION_COUNT; now.function++)
            for (now.kind = 0; now.kind < KIND_COUNT; now.kind++)
                if (find_kernel(now.function, now.kind) != NULL)
                    check_function(&small, &large);
    }
    printf("%zu cases, %d failed\n", cases, failures);
    return failures != 0;
}
