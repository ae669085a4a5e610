/* Checks, without Python and NumPy, how the loops treat the caller's floating-point state: every
 * rounding mode, flushing of subnormal numbers, flags already set, and exceptions that trap. The
 * results must have the bits of the default state, and the state must be left as found, flags
 * included, here and in OpenMP's threads. Only products with a derivative add overflow and invalid.
 *
 *     .ci/check_floating_point native | neon | riscv64 | s390x | ppc64le
 */
#include "dispatch.h"
#include "floating_point_state.h"
#include "look_up.h"
#include "kinds.h"
#include "parallel.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

enum { LARGE = 70000, COLUMNS = 100, THREADS = 4, STATE_LIMIT = 40 };

/* Operands are numbered so that the last input is IN - 1 and the first output IN. */
enum { IN = 3, OUT = 2, OPERANDS = IN + OUT };
static const size_t counts[] = {1, 100, LARGE}; /* the last one starts threads */

/* Bit patterns. At 1.5 every derivative exceeds 1. */
static const struct {
    size_t size;
    uint64_t one, one_and_a_half, infinity, sign;
} kinds[KIND_COUNT] = {
    [KIND_f16] = {2, 0x3c00, 0x3e00, 0x7c00, 0x8000},
    [KIND_bf16] = {2, 0x3f80, 0x3fc0, 0x7f80, 0x8000},
    [KIND_f32] = {4, 0x3f800000, 0x3fc00000, 0x7f800000, 0x80000000},
    [KIND_f32_relaxed] = {4, 0x3f800000, 0x3fc00000, 0x7f800000, 0x80000000},
    [KIND_f32_correctly_rounded] = {4, 0x3f800000, 0x3fc00000, 0x7f800000, 0x80000000},
    [KIND_f64] = {8, UINT64_C(0x3ff0000000000000), UINT64_C(0x3ff8000000000000),
                  UINT64_C(0x7ff0000000000000), UINT64_C(0x8000000000000000)},
};

struct call {
    const char *isa;
    int function, kind;
    enum { FORWARDS, BACKWARDS, IN_ROWS } walk; /* IN_ROWS: from the last row to the first */
    size_t count;
    uint64_t raised;                      /* the flags that the call adds */
    char *data[OPERANDS], *expected[OUT]; /* and what the outputs must become */
};

static int failures, workers_checked;
static uint64_t default_state;

static void fail(const struct call *call, const char *what, uint64_t before, uint64_t after) {
    if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 20)
        printf("FAILED: %s %s kind %d, %zu elements: %s: %016llx, then %016llx\n", call->isa,
               gelu_fast_functions[call->function].name, call->kind, call->count, what,
               (unsigned long long)before, (unsigned long long)after);
}

static void set_element(char *array, int kind, size_t i, uint64_t bits) {
    const size_t size = kinds[kind].size;
    const size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof bits - size : 0;
    memcpy(array + i * size, (const char *)&bits + low, size);
}

/* Fills x with finite values of every size and sign, subnormal ones included, and the inputs before
 * it with 1, so that no exception is raised. */
static void fill(char *const data[], int kind) {
    char *const x = data[IN - 1];
    uint64_t random = 20161;
    for (size_t i = 0; i < LARGE; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const uint64_t sign = random & 1 << 20 ? kinds[kind].sign : 0;
        set_element(x, kind, i, (random >> 1) % kinds[kind].infinity | sign);
        for (int k = 0; k < IN - 1; k++)
            set_element(data[k], kind, i, kinds[kind].one);
    }
    set_element(x, kind, 0, 1);
    set_element(x, kind, 1, kinds[kind].sign | 1);
}

static void run(const struct call *call) {
    const struct gelu_fast_function_info *const info = &gelu_fast_functions[call->function];
    const int operands = info->inputs + info->outputs;
    const intptr_t size = (intptr_t)kinds[call->kind].size, n = (intptr_t)call->count;
    const intptr_t step = call->walk == BACKWARDS ? -size : size;
    const intptr_t columns = call->walk == IN_ROWS ? (n < LARGE ? (n + 9) / 10 : COLUMNS) : n;
    const intptr_t dimensions[] = {n / columns, columns};
    const intptr_t to_last = call->walk == IN_ROWS ? n - columns : (n - 1) * (step < 0);
    void *const loop = loop_of(call->function, call->kind);
    intptr_t steps[2 * OPERANDS]; /* of one row, and of its elements */
    char *args[OPERANDS];
    for (int k = 0; k < operands; k++) {
        args[k] = call->data[IN - info->inputs + k] + to_last * size;
        steps[k] = info->takes_rows ? -columns * size : step;
        steps[operands + k] = step;
    }
    if (info->takes_rows)
        gelu_fast_generalized_ufunc_loop(args, dimensions, steps, loop);
    else
        gelu_fast_ufunc_loop(args, dimensions + 1, steps, loop);
}

/* Each OpenMP thread sets a state and remembers it; threads that start later have none. */
static _Thread_local uint64_t remembered;
static _Thread_local int remembers;

static void set_states_of_workers(uint64_t state) {
#ifdef _OPENMP
#pragma omp parallel num_threads(THREADS)
    if (omp_get_thread_num() > 0) {
        set_floating_point_state(state);
        remembered = get_floating_point_state();
        remembers = 1;
    }
#else
    (void)state;
#endif
}

static void check_states_of_workers(const struct call *call) {
#ifdef _OPENMP
#pragma omp parallel num_threads(THREADS)
    if (omp_get_thread_num() > 0 && remembers) {
        const uint64_t state = get_floating_point_state();
        __atomic_fetch_add(&workers_checked, 1, __ATOMIC_RELAXED);
        if (state != remembered)
            fail(call, "the state of another thread", remembered, state);
        remembers = 0;
    }
#else
    (void)call;
#endif
}

static void check(const struct call *call, uint64_t state) {
    const size_t bytes = call->count * kinds[call->kind].size;
    for (int k = IN; k < OPERANDS; k++)
        memset(call->data[k], 0x5a, bytes);
    if (call->count == LARGE)
        set_states_of_workers(state);
    set_floating_point_state(state);
    const uint64_t before = get_floating_point_state(); /* a core may not implement every bit */
    run(call);
    const uint64_t after = get_floating_point_state();
    if (call->count == LARGE)
        check_states_of_workers(call);
    set_floating_point_state(default_state);
    if (after != (before | call->raised))
        fail(call, "the state", before | call->raised, after);
    for (int k = 0; k < gelu_fast_functions[call->function].outputs; k++)
        if (memcmp(call->data[IN + k], call->expected[k], bytes) != 0)
            fail(call, "the bits of the result", before, after);
}

/* The default state, and those in which a host process may have left the thread. */
static int list_states(uint64_t *states) {
    const uint64_t lower_flush = FLUSH_BITS & -FLUSH_BITS, bare = default_state & ~ALL_FLAGS;
    int count = 0;
    for (uint64_t rounding = 0; rounding < 4; rounding++)
        for (int flush = 0; flush < (FLUSH_BITS ? 4 : 1); flush++) {
            const uint64_t control = bare | rounding * (ROUNDING_BITS / 3) |
                                     (flush & 1 ? lower_flush : 0) |
                                     (flush & 2 ? FLUSH_BITS ^ lower_flush : 0);
            states[count++] = control;
            states[count++] = (control & ~MASK_BITS) | TRAP_BITS;
        }
    states[count++] = bare | ALL_FLAGS;
    return count;
}

static void check_all_states(struct call *call) {
    uint64_t states[STATE_LIMIT];
    const int count = list_states(states);
    call->walk = FORWARDS;
    gelu_fast_set_num_threads(1);
    run(call);
    gelu_fast_set_num_threads(THREADS);
    for (int k = 0; k < OUT; k++)
        memcpy(call->expected[k], call->data[IN + k], call->count * kinds[call->kind].size);
    for (int walk = FORWARDS; walk <= IN_ROWS; walk++) {
        call->walk = walk;
        if (walk == BACKWARDS && call->count == LARGE)
            continue;
        if (walk == IN_ROWS && !gelu_fast_functions[call->function].takes_rows)
            continue;
        for (int i = 0; i < count; i++)
            check(call, states[i]);
    }
}

static void check_function(struct call *call) {
    const struct gelu_fast_function_info *const info = &gelu_fast_functions[call->function];
    char *const first = call->data[IN - info->inputs], *const x = call->data[IN - 1];
    const int kind = call->kind;
    const uint64_t infinity = kinds[kind].infinity;
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        call->count = counts[k];
        if (call->count == LARGE && call->function != FUNCTION_gelu &&
            call->function != FUNCTION_gelu_backward && call->function != FUNCTION_geglu_backward)
            continue; /* the code around the kernels is the same for all */
        fill(call->data, kind);
        call->raised = 0;
        check_all_states(call);
        if (info->inputs == 1)
            continue;
        for (int operand = 0; operand < IN; operand++)
            set_element(call->data[operand], kind, call->count - 1, kinds[kind].one_and_a_half);
        if (strstr(info->name, "double_backward"))
            set_element(x, kind, call->count - 1,
                        0); /* the second derivative's maximum, above 2/3 */
        set_element(first, kind, call->count - 1, infinity - 1); /* the largest finite value */
        call->raised = info->raises ? UINT64_C(1) << OVERFLOW_FLAG : 0;
        check_all_states(call);
        if (call->count == 1)
            continue;
        set_element(first, kind, 0, infinity);
        set_element(x, kind, 0, kinds[kind].sign | (infinity - 1)); /* the derivative is 0 */
        call->raised |= info->raises ? UINT64_C(1) << INVALID_FLAG : 0;
        check_all_states(call);
    }
}

/* The look-up of bytes does no arithmetic, but uses the same threads. */
static void check_look_up(const struct call *call) {
    const intptr_t entries = 256, n = LARGE * 8;
    const intptr_t dimensions[] = {1, entries, n}, steps[] = {0, 0, 0, 1, 1, 1};
    char *args[] = {call->data[0], call->data[0], call->data[IN]};
    uint64_t states[STATE_LIMIT];
    const int count = list_states(states);
    for (int i = 0; i < count; i++) {
        set_states_of_workers(states[i]);
        set_floating_point_state(states[i]);
        const uint64_t before = get_floating_point_state();
        gelu_fast_look_up_loop(args, dimensions, steps, NULL);
        const uint64_t after = get_floating_point_state();
        check_states_of_workers(call);
        set_floating_point_state(default_state);
        if (after != before)
            fail(call, "the state after a look-up", before, after);
    }
}

int main(void) {
    struct call call = {.isa = NULL};
    for (int k = 0; k < OPERANDS; k++)
        if ((call.data[k] = calloc(LARGE, 8)) == NULL)
            return 1;
    for (int k = 0; k < OUT; k++)
        if ((call.expected[k] = malloc(LARGE * 8)) == NULL)
            return 1;
    default_state = get_floating_point_state();
    for (int k = 0; (call.isa = gelu_fast_available_isa(k)) != NULL; k++) {
        gelu_fast_set_isa(call.isa);
        for (call.function = 0; call.function < FUNCTION_COUNT; call.function++)
            for (call.kind = 0; call.kind < KIND_COUNT; call.kind++)
                if (find_kernel(call.function, call.kind) != NULL)
                    check_function(&call);
        call.function = call.kind = 0; /* for the messages of `fail` */
        check_look_up(&call);
    }
#ifdef _OPENMP
    if (workers_checked == 0)
        failures++;
#endif
    printf("%s; other threads checked %d times; %d failed\n",
           gelu_fast_openmp_runtime() ? gelu_fast_openmp_runtime() : "no OpenMP", workers_checked,
           failures);
    return failures != 0;
}
