#include "loops.h"

#include "cpu.h"
#include "dispatch.h"
#include "floating_point.h"
#include "parallel.h"
#include "streaming.h"

#include <string.h>

const struct gelu_fast_function_info gelu_fast_functions[FUNCTION_COUNT] = {
#define UNARY(name, formula) {#name, 1, formula},
#define BACKWARD(name, derivative, formula) {#name, 2, formula},
#include "functions.def"
#undef UNARY
#undef BACKWARD
};

const struct gelu_fast_loop gelu_fast_loops[FUNCTION_COUNT][DTYPE_COUNT] = {
#define UNARY(name, formula)                                                                       \
    {[DTYPE_f16] = {FUNCTION_##name, DTYPE_f16},                                                   \
     [DTYPE_bf16] = {FUNCTION_##name, DTYPE_bf16},                                                 \
     [DTYPE_f32] = {FUNCTION_##name, DTYPE_f32},                                                   \
     [DTYPE_f32_relaxed] = {FUNCTION_##name, DTYPE_f32_relaxed},                                   \
     [DTYPE_f64] = {FUNCTION_##name, DTYPE_f64}},
#define BACKWARD(name, derivative, formula) UNARY(name, formula)
#include "functions.def"
#undef UNARY
#undef BACKWARD
};

static const size_t item_sizes[DTYPE_COUNT] = {
    [DTYPE_f16] = 2, [DTYPE_bf16] = 2, [DTYPE_f32] = 4, [DTYPE_f32_relaxed] = 4, [DTYPE_f64] = 8};

enum { OPERAND_LIMIT = 3, BUFFER_ELEMENTS = 256 };

/* One call: `operands` inputs and outputs, the output last. */
struct call {
    gelu_fast_kernel_pair kernels;
    size_t item_size;
    int operands;
    int is_contiguous;
    int is_streaming; /* only if contiguous */
    char *data[OPERAND_LIMIT];
    intptr_t steps[OPERAND_LIMIT];
};

static void run_kernel(const struct call *call, gelu_fast_kernel *kernel, char *const pointers[],
                       size_t n) {
    const int is_binary = call->operands == 3;
    kernel(is_binary ? pointers[0] : NULL, pointers[call->operands - 2],
           pointers[call->operands - 1], n);
}

static void copy_strided(char *to, intptr_t to_step, const char *from, intptr_t from_step,
                         size_t item_size, size_t n) {
    /* A constant size each makes every copy one load and one store. */
#define COPY(size)                                                                                 \
    for (size_t i = 0; i < n; i++, to += to_step, from += from_step)                               \
    memcpy(to, from, size)
    if (item_size == 2)
        COPY(2);
    else if (item_size == 4)
        COPY(4);
    else
        COPY(8);
#undef COPY
}

/* How many elements from `out` on lie before the next multiple of the alignment. */
static size_t before_alignment(const char *out, size_t item_size) {
    const size_t past = (uintptr_t)out % GELU_FAST_STREAMING_ALIGNMENT;
    return past % item_size != 0 || past == 0 ? 0
                                              : (GELU_FAST_STREAMING_ALIGNMENT - past) / item_size;
}

static void run_contiguous(const struct call *call, size_t begin, size_t end) {
    /* Stores that do not straddle two cache lines take 6 % off the time in cache, and streaming needs
     * them; less than that is lost by the first few elements in a call of their own. */
    enum { ALIGN_FROM_BYTES = 8192 };
    const int out = call->operands - 1;
    size_t n = end - begin;
    if (n * call->item_size >= ALIGN_FROM_BYTES) {
        const size_t head =
            before_alignment(call->data[out] + begin * call->item_size, call->item_size);
        n = head > 0 ? head : n;
    }
    for (size_t i = begin; i < end; i += n, n = end - i) {
        char *pointers[OPERAND_LIMIT];
        for (int k = 0; k <= out; k++)
            pointers[k] = call->data[k] + i * call->item_size;
        const int streams =
            call->is_streaming && (uintptr_t)pointers[out] % GELU_FAST_STREAMING_ALIGNMENT == 0;
        run_kernel(call, streams ? call->kernels.streaming : call->kernels.cached, pointers, n);
    }
    if (call->is_streaming)
        streaming_end();
}

/* Elements that lie apart go to the kernel through a small buffer. */
static void run_strided(const struct call *call, size_t begin, size_t end) {
    _Alignas(64) char buffers[OPERAND_LIMIT][BUFFER_ELEMENTS * sizeof(double)];
    const intptr_t item_size = (intptr_t)call->item_size;
    const int out = call->operands - 1;
    for (size_t i = begin; i < end; i += BUFFER_ELEMENTS) {
        const size_t n = end - i < BUFFER_ELEMENTS ? end - i : BUFFER_ELEMENTS;
        char *pointers[OPERAND_LIMIT];
        for (int k = 0; k <= out; k++) {
            char *const first = call->data[k] + (intptr_t)i * call->steps[k];
            if (call->steps[k] == item_size) {
                pointers[k] = first;
                continue;
            }
            pointers[k] = buffers[k];
            if (k != out)
                copy_strided(buffers[k], item_size, first, call->steps[k], call->item_size, n);
        }
        run_kernel(call, call->kernels.cached, pointers, n);
        if (pointers[out] == buffers[out])
            copy_strided(call->data[out] + (intptr_t)i * call->steps[out], call->steps[out],
                         buffers[out], item_size, call->item_size, n);
    }
}

static int task(const void *context, size_t begin, size_t end) {
    const floating_point_state saved = floating_point_begin();
    const struct call *const call = context;
    (call->is_contiguous ? run_contiguous : run_strided)(call, begin, end);
    return floating_point_end(saved);
}

/* Whether an element may read what the one before it wrote, as reduce and accumulate want, or all write
 * to one place, where the last has to win. */
static int is_sequential(const struct call *call, size_t n) {
    const int out = call->operands - 1;
    if (call->steps[out] == 0)
        return 1;
    for (int k = 0; k < out; k++) {
        if (call->data[k] == call->data[out] && call->steps[k] == call->steps[out])
            continue; /* in place */
        uintptr_t low[2], high[2];
        for (int side = 0; side < 2; side++) {
            const int operand = side ? out : k;
            const uintptr_t first = (uintptr_t)call->data[operand];
            const uintptr_t last = first + (uintptr_t)((intptr_t)(n - 1) * call->steps[operand]);
            low[side] = first < last ? first : last;
            high[side] = (first < last ? last : first) + call->item_size;
        }
        if (low[0] < high[1] && low[1] < high[0])
            return 1;
    }
    return 0;
}

/* Whether the result goes past the caches. They cannot hold it anyway where the operands together are
 * four times as large as the last one: measured on Zen 3, from there on it takes 10 to 30 % off the
 * time, and costs as much below. In place the lines are in the cache already. */
static int is_streaming(const struct call *call, size_t n) {
    const int out = call->operands - 1;
    if (call->kernels.streaming == NULL || !call->is_contiguous ||
        n * call->item_size * (size_t)call->operands < 4 * gelu_fast_last_level_cache())
        return 0;
    for (int k = 0; k < out; k++)
        if (call->data[k] == call->data[out])
            return 0;
    return 1;
}

void gelu_fast_ufunc_loop(char **args, const intptr_t *dimensions, const intptr_t *steps,
                          void *data) {
    const struct gelu_fast_loop *const loop = data;
    const size_t n = (size_t)dimensions[0];
    struct call call = {
        .kernels = gelu_fast_find_kernels(loop->function, loop->dtype),
        .item_size = item_sizes[loop->dtype],
        .operands = gelu_fast_functions[loop->function].inputs + 1,
    };
    if (n == 0)
        return;
    for (int k = 0; k < call.operands; k++) {
        call.data[k] = args[k];
        call.steps[k] = steps[k];
    }
    call.is_contiguous = 1;
    for (int k = 0; k < call.operands; k++)
        call.is_contiguous &= call.steps[k] == (intptr_t)call.item_size;
    call.is_streaming = is_streaming(&call, n);
    int errors = 0;
    if (n > 1 && is_sequential(&call, n)) {
        for (size_t i = 0; i < n; i++)
            errors |= task(&call, i, i + 1);
    } else {
        errors = gelu_fast_parallel_for(n, call.item_size == sizeof(double) ? 4 : 1, task, &call);
    }
    /* A unary function has no overflow and no invalid operation: what is set then came from a
     * signaling NaN or from vector instructions that flag a quiet one. */
    if (errors && call.operands == 3)
        floating_point_raise(errors);
}
