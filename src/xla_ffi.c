#include "xla_ffi.h"

#include <stddef.h>

#ifdef __has_include
#if __has_include("xla/ffi/api/c_api.h")
#define HAS_XLA_FFI
#endif
#endif

#ifdef HAS_XLA_FFI

#include "loops.h"
#include "parallel.h"

#include "xla/ffi/api/c_api.h"

#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#define let_others_run() SwitchToThread()
#else
#include <sched.h>
#define let_others_run() sched_yield()
#endif

/* The operands are the inputs, then the outputs. */
struct call {
    const struct gelu_fast_loop *loop;
    int operands;
    int64_t item_size, rank;
    const int64_t *dims[GELU_FAST_OPERAND_LIMIT], *result_dims;
};

static XLA_FFI_Error *error(const XLA_FFI_CallFrame *frame, const char *format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    XLA_FFI_Error_Create_Args args = {
        .struct_size = XLA_FFI_Error_Create_Args_STRUCT_SIZE,
        .message = message,
        .errc = XLA_FFI_Error_Code_INVALID_ARGUMENT,
    };
    return frame->api->XLA_FFI_Error_Create(&args);
}

/* XLA refuses handlers that were compiled for a later version than its own. Each of 0.1 to 0.3 only adds to
 * the one before, and what is used here is in 0.1: so the version is XLA's own, if it is not later than
 * what this was compiled for. In 0.1 XLA does not tell which it has. */
static void answer_metadata(const XLA_FFI_CallFrame *frame, XLA_FFI_Metadata *metadata) {
    const int theirs = frame->api == NULL ? 1 : frame->api->api_version.minor_version;
    metadata->api_version.major_version = XLA_FFI_API_MAJOR;
    metadata->api_version.minor_version = theirs < XLA_FFI_API_MINOR ? theirs : XLA_FFI_API_MINOR;
    metadata->traits = 0;
}

static const XLA_FFI_ByteSpan *string_attribute(const XLA_FFI_Attrs *attrs, const char *name) {
    for (int64_t i = 0; i < attrs->size; i++)
        if (attrs->types[i] == XLA_FFI_AttrType_STRING && attrs->names[i]->len == strlen(name) &&
            memcmp(attrs->names[i]->ptr, name, strlen(name)) == 0)
            return attrs->attrs[i];
    return NULL;
}

static int find_function(const XLA_FFI_ByteSpan *name) {
    int i = 0;
    while (i < FUNCTION_COUNT && (strlen(gelu_fast_functions[i].name) != name->len ||
                                  memcmp(gelu_fast_functions[i].name, name->ptr, name->len) != 0))
        i++;
    return i;
}

static int64_t product(const int64_t *dims, int64_t begin, int64_t end) {
    int64_t result = 1;
    for (int64_t i = begin; i < end; i++)
        result *= dims[i];
    return result;
}

/* The dimensions from `first` on: as one matrix, if each operand has either all its rows or one for
 * them all; otherwise by the parts of the first dimension. */
static void run(const struct call *call, int64_t first, char *const data[]) {
    const int64_t last = call->rank > 0 ? call->rank - 1 : 0;
    const intptr_t dimensions[2] = {(intptr_t)product(call->result_dims, first, last),
                                    (intptr_t)product(call->result_dims, last, call->rank)};
    intptr_t steps[2 * GELU_FAST_OPERAND_LIMIT]; /* from row to row, then from column to column */
    char *pointers[GELU_FAST_OPERAND_LIMIT];
    int is_matrix = 1;
    for (int k = 0; k < call->operands; k++) {
        const int64_t rows = product(call->dims[k], first, last);
        const int64_t columns = product(call->dims[k], last, call->rank);
        is_matrix &= rows == dimensions[0] || rows == 1;
        steps[k] = (intptr_t)(rows == 1 ? 0 : columns * call->item_size);
        steps[call->operands + k] = (intptr_t)(columns == 1 ? 0 : call->item_size);
        pointers[k] = data[k];
    }
    if (is_matrix) {
        gelu_fast_generalized_ufunc_loop(pointers, dimensions, steps, (void *)call->loop);
        return;
    }
    for (int64_t i = 0; i < call->result_dims[first]; i++) {
        run(call, first + 1, pointers);
        for (int k = 0; k < call->operands; k++)
            if (call->dims[k][first] != 1)
                pointers[k] += product(call->dims[k], first + 1, call->rank) * call->item_size;
    }
}

/* Calls come from any thread of XLA's pool. With OpenMP each of them would get a team of its own: on
 * many cores thousands of threads. So they share the work with the other threads of XLA's pool. */
struct job {
    gelu_fast_task *task;
    const void *context;
    size_t n, block, blocks;
    atomic_size_t next, done;
    atomic_int exceptions, users;
};

static void work(struct job *job) {
    size_t i;
    while ((i = atomic_fetch_add(&job->next, 1)) < job->blocks) {
        const size_t begin = i * job->block;
        const size_t end = job->n - begin < job->block ? job->n : begin + job->block;
        atomic_fetch_or(&job->exceptions, job->task(job->context, begin, end));
        atomic_fetch_add(&job->done, 1);
    }
}

static void leave(struct job *job, int users) {
    if (atomic_fetch_sub(&job->users, users) == users)
        free(job);
}

/* Perhaps so late that the job is done, and its context gone. */
static void help(void *data) {
    work(data);
    leave(data, 1);
}

static int has_failed(const XLA_FFI_Api *api, XLA_FFI_Error *failure) {
    if (failure == NULL)
        return 0;
    XLA_FFI_Error_Destroy_Args args = {
        .struct_size = XLA_FFI_Error_Destroy_Args_STRUCT_SIZE,
        .error = failure,
    };
    api->XLA_FFI_Error_Destroy(&args);
    return 1;
}

static int run_in_pool(const struct gelu_fast_team *team, int threads, size_t n, size_t block,
                       gelu_fast_task *task, const void *context) {
    const XLA_FFI_CallFrame *const frame = team->pool;
    struct job *const job = malloc(sizeof *job);
    if (job == NULL)
        return task(context, 0, n);
    job->task = task;
    job->context = context;
    job->n = n;
    job->block = block;
    job->blocks = (n + block - 1) / block;
    atomic_init(&job->next, 0);
    atomic_init(&job->done, 0);
    atomic_init(&job->exceptions, 0);
    atomic_init(&job->users, threads);
    int helpers = 0;
    while (helpers < threads - 1) {
        XLA_FFI_ThreadPool_Schedule_Args args = {
            .struct_size = XLA_FFI_ThreadPool_Schedule_Args_STRUCT_SIZE,
            .ctx = frame->ctx,
            .task = help,
            .data = job,
        };
        if (has_failed(frame->api, frame->api->XLA_FFI_ThreadPool_Schedule(&args)))
            break;
        helpers++;
    }
    work(job);
    while (atomic_load(&job->done) < job->blocks) /* the blocks that helpers are at */
        let_others_run();
    const int exceptions = atomic_load(&job->exceptions);
    leave(job, threads - helpers);
    return exceptions;
}

static int pool_threads(const XLA_FFI_CallFrame *frame) {
    int64_t count = 1;
    XLA_FFI_ThreadPool_NumThreads_Args args = {
        .struct_size = XLA_FFI_ThreadPool_NumThreads_Args_STRUCT_SIZE,
        .ctx = frame->ctx,
        .num_threads = &count,
    };
    if (has_failed(frame->api, frame->api->XLA_FFI_ThreadPool_NumThreads(&args)))
        return 1; /* there is no pool */
    return count < INT_MAX ? (int)count : INT_MAX;
}

static XLA_FFI_Error *handler(XLA_FFI_CallFrame *frame) {
    for (XLA_FFI_Extension_Base *base = frame->extension_start; base != NULL; base = base->next)
        if (base->type == XLA_FFI_Extension_Metadata) {
            answer_metadata(frame, ((XLA_FFI_Metadata_Extension *)base)->metadata);
            return NULL;
        }
    if (frame->stage != XLA_FFI_ExecutionStage_EXECUTE)
        return error(frame, "gelu_fast: stage %d has nothing to do", (int)frame->stage);

    const XLA_FFI_ByteSpan *const name = string_attribute(&frame->attrs, "function");
    if (name == NULL)
        return error(frame, "gelu_fast: there is no attribute \"function\", a string");
    const int function = find_function(name);
    if (function == FUNCTION_COUNT)
        return error(frame, "gelu_fast has no function \"%.*s\"", (int)name->len, name->ptr);
    const struct gelu_fast_function_info *const info = &gelu_fast_functions[function];
    if (frame->args.size != info->inputs || frame->rets.size != info->outputs)
        return error(frame, "gelu_fast: %s has %d operands and %d results, not %lld and %lld",
                     info->name, info->inputs, info->outputs, (long long)frame->args.size,
                     (long long)frame->rets.size);

    struct call call = {.operands = info->inputs + info->outputs};
    char *data[GELU_FAST_OPERAND_LIMIT];
    const XLA_FFI_Buffer *const result = frame->rets.rets[0];
    for (int k = 0; k < call.operands; k++) {
        const int is_input = k < info->inputs, i = is_input ? k : k - info->inputs;
        if (is_input ? frame->args.types[i] != XLA_FFI_ArgType_BUFFER
                     : frame->rets.types[i] != XLA_FFI_RetType_BUFFER)
            return error(frame, "gelu_fast: operands and results of %s are buffers", info->name);
        const XLA_FFI_Buffer *const buffer = is_input ? frame->args.args[i] : frame->rets.rets[i];
        if (buffer->dtype != result->dtype || buffer->rank != result->rank)
            return error(frame,
                         "gelu_fast: operands and results of %s have one dtype and one number of "
                         "dimensions",
                         info->name);
        for (int64_t d = 0; d < result->rank; d++)
            if (buffer->dims[d] != result->dims[d] && !(is_input && buffer->dims[d] == 1))
                return error(frame,
                             "gelu_fast: dimension %lld of %s %d of %s is %lld, where the result's "
                             "is %lld",
                             (long long)d, is_input ? "operand" : "result", i, info->name,
                             (long long)buffer->dims[d], (long long)result->dims[d]);
        call.dims[k] = buffer->dims;
        data[k] = buffer->data;
    }
    int dtype;
    switch (result->dtype) {
    case XLA_FFI_DataType_F16:
        dtype = DTYPE_f16, call.item_size = 2;
        break;
    case XLA_FFI_DataType_BF16:
        dtype = DTYPE_bf16, call.item_size = 2;
        break;
    case XLA_FFI_DataType_F32:
        dtype = DTYPE_f32, call.item_size = 4;
        break;
    case XLA_FFI_DataType_F64:
        dtype = DTYPE_f64, call.item_size = 8;
        break;
    default:
        return error(frame, "gelu_fast: %s is for float16, bfloat16, float32 and float64",
                     info->name);
    }
    call.loop = &gelu_fast_loops[TIER_default][function][dtype];
    call.rank = result->rank;
    call.result_dims = result->dims;
    const struct gelu_fast_team team = {pool_threads(frame), run_in_pool, frame};
    gelu_fast_set_thread_local_team(&team);
    run(&call, 0, data);
    gelu_fast_set_thread_local_team(NULL);
    return NULL;
}

void *gelu_fast_xla_ffi_handler(void) { return (void *)handler; }

#else

void *gelu_fast_xla_ffi_handler(void) { return NULL; }

#endif
