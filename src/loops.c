#include "loops.h"

#include "cpu.h"
#include "dispatch.h"
#include "floating_point.h"
#include "parallel.h"
#include "streaming.h"

#include <string.h>

const struct gelu_fast_function_info gelu_fast_functions[FUNCTION_COUNT] = {
#define FUNCTION(number, name, inputs, outputs, ...)                                               \
    [number] = {#name,      GELU_FAST_COUNT inputs, GELU_FAST_COUNT outputs, #inputs, #outputs,    \
                __VA_ARGS__},
#include "functions.def"
};

const struct gelu_fast_dtype_info gelu_fast_dtypes[DTYPE_COUNT] = {
#define DTYPE(id, element, numpy_name, ...) [DTYPE_##id] = {#numpy_name, sizeof(element)},
    GELU_FAST_DTYPES(DTYPE, )
#undef DTYPE
};

const struct gelu_fast_loop gelu_fast_loops[TIER_COUNT][FUNCTION_COUNT][DTYPE_COUNT] = {
#define LOOP(dtype, element, numpy_name, real, mathematics, load, store, stream, store_of_x,       \
             stream_of_x, function, tier)                                                          \
    [DTYPE_##dtype] = {function, DTYPE_##dtype, tier},
#define FUNCTION(number, ...)                                                                      \
    [TIER_default][number] = {GELU_FAST_DTYPES(LOOP, number, TIER_default)},                       \
    [TIER_relaxed][number] = {GELU_FAST_DTYPES(LOOP, number, TIER_relaxed)},                       \
    [TIER_correctly_rounded][number] = {GELU_FAST_DTYPES(LOOP, number, TIER_correctly_rounded)},
#include "functions.def"
};

/* Rows shorter than SHORT_ROW are gathered in buffers, so that several share a kernel call. The buffers are
 * on the stack, and a thread may have only 16 KiB of it. */
enum { OPERAND_LIMIT = GELU_FAST_OPERAND_LIMIT, BUFFER_BYTES = 1024, SHORT_ROW = 64 };

/* One call: `rows` rows of `columns` elements. The operands are the inputs, then the outputs. */
struct loop_call {
    gelu_fast_kernel *kernel;
    size_t item_size;
    int inputs, operands;
    size_t rows, columns;
    int is_contiguous; /* within a row */
    int is_streaming;  /* only if contiguous */
    char *data[OPERAND_LIMIT];
    intptr_t steps[OPERAND_LIMIT], row_steps[OPERAND_LIMIT];
};

static void copy_strided(char *to, intptr_t to_step, const char *from, intptr_t from_step,
                         size_t item_size, size_t n) {
    /* With a constant size, each copy is one load and one store. */
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

/* The number of elements between `out` and the next aligned address. */
static size_t before_alignment(const char *out, size_t item_size) {
    const size_t past = (uintptr_t)out % GELU_FAST_STREAMING_ALIGNMENT;
    return past % item_size != 0 || past == 0 ? 0
                                              : (GELU_FAST_STREAMING_ALIGNMENT - past) / item_size;
}

/* From here on, elements are numbered row by row. Returns the address of element i of operand k, and
 * reduces `n` to the number of elements left in that row. */
static char *element_at(const struct loop_call *call, int k, size_t i, size_t *n) {
    const size_t row = i / call->columns, column = i - row * call->columns;
    if (*n > call->columns - column)
        *n = call->columns - column;
    return call->data[k] + (intptr_t)row * call->row_steps[k] + (intptr_t)column * call->steps[k];
}

/* Computes n elements of a row. While the last ones are computed, the next row is prefetched. */
static void call_kernel(const struct loop_call *call, char *pointers[], size_t n, int streams) {
    enum { WHOLE_VECTORS = 128 }; /* elements, for every ISA */
    const size_t reach = GELU_FAST_PREFETCH_BYTES / call->item_size;
    size_t first = n;
    if (call->rows > 1)
        first = n > reach ? (n - reach) / WHOLE_VECTORS * WHOLE_VECTORS : 0;
    if (first > 0)
        call->kernel(pointers, GELU_FAST_AHEAD, first, streams);
    if (first == n)
        return;
    const size_t last = n - first;
    ptrdiff_t ahead[OPERAND_LIMIT];
    for (int k = 0; k < call->operands; k++) {
        pointers[k] += first * call->item_size;
        ahead[k] = call->row_steps[k] - (ptrdiff_t)((call->columns - last) * call->item_size);
    }
    call->kernel(pointers, ahead, last, streams);
}

/* Computes n elements of one row. */
static void compute_part_of_row(const struct loop_call *call, char *pointers[], size_t n) {
    /* Aligned stores save 6 % of the time in cache, and streaming needs them. The first few elements,
     * up to the alignment, take a call of their own, which costs less than that. */
    enum { ALIGN_FROM_BYTES = 8192 };
    size_t head = 0;
    if (n * call->item_size >= ALIGN_FROM_BYTES)
        head = before_alignment(pointers[call->inputs], call->item_size);
    if (head > 0) {
        call->kernel(pointers, GELU_FAST_AHEAD, head, 0);
        for (int k = 0; k < call->operands; k++)
            pointers[k] += head * call->item_size;
    }
    int streams = call->is_streaming;
    for (int k = call->inputs; k < call->operands; k++)
        streams &= (uintptr_t)pointers[k] % GELU_FAST_STREAMING_ALIGNMENT == 0;
    call_kernel(call, pointers, n - head, streams);
}

static void compute_contiguous(const struct loop_call *call, size_t begin, size_t end) {
    while (begin < end) {
        size_t n = end - begin;
        char *pointers[OPERAND_LIMIT];
        for (int k = 0; k < call->operands; k++)
            pointers[k] = element_at(call, k, begin, &n);
        compute_part_of_row(call, pointers, n);
        begin += n;
    }
    if (call->is_streaming)
        streaming_end();
}

/* Copies n elements of operand k, from element i on, to or from a buffer. */
static void copy_elements(const struct loop_call *call, int k, size_t i, size_t n, char *buffer,
                          int is_output) {
    const intptr_t item_size = (intptr_t)call->item_size;
    for (size_t part; n > 0; i += part, n -= part, buffer += part * call->item_size) {
        part = n;
        char *const data = element_at(call, k, i, &part);
        if (is_output)
            copy_strided(data, call->steps[k], buffer, item_size, call->item_size, part);
        else
            copy_strided(buffer, item_size, data, call->steps[k], call->item_size, part);
    }
}

/* Strided elements and short rows go through small contiguous buffers. */
static void compute_buffered(const struct loop_call *call, size_t begin, size_t end) {
    _Alignas(64) char buffers[OPERAND_LIMIT][BUFFER_BYTES];
    const size_t most = BUFFER_BYTES / call->item_size;
    for (size_t i = begin; i < end; i += most) {
        const size_t n = end - i < most ? end - i : most;
        char *pointers[OPERAND_LIMIT];
        for (int k = 0; k < call->operands; k++) {
            size_t together = n;
            pointers[k] = element_at(call, k, i, &together);
            /* A single element is always buffered: overlapping outputs are then written in order. */
            if (n == 1 || together < n || call->steps[k] != (intptr_t)call->item_size) {
                pointers[k] = buffers[k];
                if (k < call->inputs)
                    copy_elements(call, k, i, n, buffers[k], 0);
            }
        }
        call->kernel(pointers, GELU_FAST_AHEAD, n, 0);
        for (int k = call->inputs; k < call->operands; k++)
            if (pointers[k] == buffers[k])
                copy_elements(call, k, i, n, buffers[k], 1);
    }
}

static int compute_elements(const void *context, size_t begin, size_t end) {
    const floating_point_state saved = floating_point_begin();
    const struct loop_call *const call = context;
    (call->is_contiguous ? compute_contiguous : compute_buffered)(call, begin, end);
    return floating_point_end(saved);
}

static uintptr_t magnitude(intptr_t step) { return step < 0 ? -(uintptr_t)step : (uintptr_t)step; }

static uintptr_t greatest_common_divisor(uintptr_t a, uintptr_t b) {
    while (b != 0) {
        const uintptr_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The bytes that an operand spans. */
struct span {
    uintptr_t begin, end;
};

static void extend(struct span *span, size_t count, intptr_t step) {
    const intptr_t reach = (intptr_t)(count - 1) * step;
    span->begin += (uintptr_t)(reach < 0 ? reach : 0);
    span->end += (uintptr_t)(reach > 0 ? reach : 0);
}

static struct span find_span(const struct loop_call *call, int k) {
    const uintptr_t begin = (uintptr_t)call->data[k];
    struct span span = {begin, begin + call->item_size};
    extend(&span, call->rows, call->row_steps[k]);
    extend(&span, call->columns, call->steps[k]);
    return span;
}

/* Whether two operands share no byte although their spans overlap. Both repeat with `period`: if their
 * parts of one period are disjoint, so are the operands. */
static int are_apart(struct span a, struct span b, uintptr_t period, uintptr_t part_a,
                     uintptr_t part_b) {
    if (period == 0)
        return 0;
    const uintptr_t offset = b.begin >= a.begin ? (b.begin - a.begin) % period
                                                : period - 1 - (a.begin - b.begin - 1) % period;
    return offset >= part_a && offset + part_b <= period;
}

/* Whether two operands may share a byte. Interleaved operands do not: rows between rows, as the halves of a
 * packed array, or elements between elements, as real and imaginary parts. */
static int may_share_bytes(const struct loop_call *call, int first, int second) {
    const struct span a = find_span(call, first), b = find_span(call, second);
    if (a.begin >= b.end || b.begin >= a.end)
        return 0;
    const size_t counts[] = {call->rows, call->columns};
    const uintptr_t steps[][2] = {
        {magnitude(call->row_steps[first]), magnitude(call->steps[first])},
        {magnitude(call->row_steps[second]), magnitude(call->steps[second])}};
    uintptr_t common = 0;
    for (int axis = 0; axis < 2; axis++) {
        if (counts[axis] == 1)
            continue;
        const uintptr_t period = greatest_common_divisor(steps[0][axis], steps[1][axis]);
        const uintptr_t across = counts[!axis] - 1;
        if (are_apart(a, b, period, across * steps[0][!axis] + call->item_size,
                      across * steps[1][!axis] + call->item_size))
            return 0;
        common = greatest_common_divisor(common, period);
    }
    return !are_apart(a, b, common, call->item_size, call->item_size);
}

/* Whether two elements of operand k may share a byte. */
static int overlaps_itself(const struct loop_call *call, int k) {
    const uintptr_t steps[] = {magnitude(call->row_steps[k]), magnitude(call->steps[k])};
    const size_t counts[] = {call->rows, call->columns};
    const int inner = counts[0] == 1 || (counts[1] > 1 && steps[1] < steps[0]);
    const uintptr_t inner_end = (counts[inner] - 1) * steps[inner] + call->item_size;
    return (counts[inner] > 1 && steps[inner] < call->item_size) ||
           (counts[!inner] > 1 && steps[!inner] < inner_end);
}

/* Whether the result depends on the order in which the elements are computed. */
enum order { ANY_ORDER, ROW_BY_ROW, ELEMENT_BY_ELEMENT };
static enum order find_order(const struct loop_call *call) {
    enum order order = ANY_ORDER;
    for (int out = call->inputs; out < call->operands; out++) {
        if (overlaps_itself(call, out)) /* the last element wins */
            order = ROW_BY_ROW;
        /* In reduce and accumulate, an element reads what the previous one wrote. With rows, NumPy has
         * already copied an input that overlaps an output, unless the call is in place. */
        for (int k = call->rows > 1 ? call->inputs : 0; k < out; k++) {
            const int is_in_place = order == ANY_ORDER && call->data[k] == call->data[out] &&
                                    call->steps[k] == call->steps[out] &&
                                    (call->rows == 1 || call->row_steps[k] == call->row_steps[out]);
            if (!is_in_place && may_share_bytes(call, k, out))
                return ELEMENT_BY_ELEMENT;
        }
    }
    return order;
}

/* Whether to bypass the caches with streaming stores, if the ISA has them. Measured on Zen 3: when the
 * operands together are four times as large as the last-level cache, it saves 10 to 30 % of the time; below
 * that it costs as much. In place it never pays, as the lines are in the cache already. */
static int is_streaming(const struct loop_call *call) {
    if (!call->is_contiguous ||
        call->rows * call->columns * call->item_size * (size_t)call->operands <
            4 * gelu_fast_last_level_cache())
        return 0;
    for (int out = call->inputs; out < call->operands; out++)
        for (int k = 0; k < call->inputs; k++)
            if (call->data[k] == call->data[out])
                return 0;
    return 1;
}

static void compute_rows(const struct gelu_fast_loop *loop, char **args, size_t rows,
                         size_t columns, const intptr_t *row_steps, const intptr_t *steps) {
    const struct gelu_fast_function_info *const function = &gelu_fast_functions[loop->function];
    struct loop_call call = {
        .kernel = gelu_fast_find_kernel(loop->function, loop->dtype, loop->tier),
        .item_size = gelu_fast_dtypes[loop->dtype].size,
        .inputs = function->inputs,
        .operands = function->inputs + function->outputs,
        .rows = rows,
        .columns = columns,
        .is_contiguous = columns >= SHORT_ROW,
    };
    const size_t n = rows * columns;
    if (n == 0)
        return;
    int is_one_row = 1;
    for (int k = 0; k < call.operands; k++) {
        call.data[k] = args[k];
        call.steps[k] = steps[k];
        call.row_steps[k] = row_steps[k];
        is_one_row &= rows == 1 || row_steps[k] == (intptr_t)columns * steps[k];
    }
    if (is_one_row) {
        call.rows = 1;
        call.columns = n;
        call.is_contiguous = 1;
    }
    for (int k = 0; k < call.operands; k++)
        call.is_contiguous &= call.steps[k] == (intptr_t)call.item_size;
    const enum order order = find_order(&call);
    call.is_streaming = order == ANY_ORDER && is_streaming(&call);
    int errors = 0;
    if (order == ELEMENT_BY_ELEMENT)
        for (size_t i = 0; i < n; i++)
            errors |= compute_elements(&call, i, i + 1);
    else if (order == ROW_BY_ROW)
        errors = compute_elements(&call, 0, n);
    else
        errors = gelu_fast_parallel_for(n, call.item_size == sizeof(double) ? 4 : 1,
                                        compute_elements, &call);
    if (errors && function->raises)
        floating_point_raise(errors);
}

void gelu_fast_ufunc_loop(char **args, const intptr_t *dimensions, const intptr_t *steps,
                          void *data) {
    static const intptr_t no_rows[OPERAND_LIMIT];
    compute_rows(data, args, 1, (size_t)dimensions[0], no_rows, steps);
}

void gelu_fast_generalized_ufunc_loop(char **args, const intptr_t *dimensions,
                                      const intptr_t *steps, void *data) {
    const struct gelu_fast_loop *const loop = data;
    const struct gelu_fast_function_info *const function = &gelu_fast_functions[loop->function];
    static const intptr_t no_rows[OPERAND_LIMIT];
    const intptr_t rows = dimensions[0], columns = dimensions[1];
    if (columns == 1) /* no core axis, or one of length 1: treat the rows as elements */
        compute_rows(loop, args, 1, (size_t)rows, no_rows, steps);
    else
        compute_rows(loop, args, (size_t)rows, (size_t)columns, steps,
                     steps + function->inputs + function->outputs);
}
