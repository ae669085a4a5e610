#include "xla_ffi.h"

#include "arrays.h"
#include "loops.h"
#include "parallel.h"
#include "xla_ffi_abi.h"

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

enum { MOST_DIMENSIONS = 64 };

static XLA_FFI_Error *error(const XLA_FFI_CallFrame *frame, const char *format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    XLA_FFI_Error_Create_Args args = {
        .struct_size = sizeof args,
        .message = message,
        .errc = XLA_FFI_Error_Code_INVALID_ARGUMENT,
    };
    return frame->api->XLA_FFI_Error_Create(&args);
}

/* XLA refuses handlers of a later version than its own. Versions 0.1 to 0.3 declare alike what is used here,
 * so the answer is XLA's own version, up to the latest that is known. In 0.1 XLA does not tell its version. */
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

/* Calls come from any thread of XLA's pool. With OpenMP each of these threads would get a team of its own,
 * thousands of threads on many cores. So the pool's other threads share the work instead. */
struct job {
    gelu_fast_task *task;
    const void *context;
    size_t n, block, blocks;
    atomic_size_t next, done;
    atomic_int exceptions, users;
};

static void do_blocks(struct job *job) {
    size_t i;
    while ((i = atomic_fetch_add(&job->next, 1)) < job->blocks) {
        const size_t begin = i * job->block;
        const size_t end = job->n - begin < job->block ? job->n : begin + job->block;
        atomic_fetch_or(&job->exceptions, job->task(job->context, begin, end));
        atomic_fetch_add(&job->done, 1);
    }
}

static void release_job(struct job *job, int users) {
    if (atomic_fetch_sub(&job->users, users) == users)
        free(job);
}

/* May run so late that the job is done and its context gone. */
static void help_with_job(void *data) {
    do_blocks(data);
    release_job(data, 1);
}

static int has_failed(const XLA_FFI_Api *api, XLA_FFI_Error *failure) {
    if (failure == NULL)
        return 0;
    XLA_FFI_Error_Destroy_Args args = {
        .struct_size = sizeof args,
        .error = failure,
    };
    api->XLA_FFI_Error_Destroy(&args);
    return 1;
}

static int share_with_pool(const struct gelu_fast_team *team, int threads, size_t n, size_t block,
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
            .struct_size = sizeof args,
            .ctx = frame->ctx,
            .task = help_with_job,
            .data = job,
        };
        if (has_failed(frame->api, frame->api->XLA_FFI_ThreadPool_Schedule(&args)))
            break;
        helpers++;
    }
    do_blocks(job);
    while (atomic_load(&job->done) < job->blocks) /* helpers are still at some blocks */
        let_others_run();
    const int exceptions = atomic_load(&job->exceptions);
    release_job(job, threads - helpers);
    return exceptions;
}

static int pool_threads(const XLA_FFI_CallFrame *frame) {
    int64_t count = 1;
    XLA_FFI_ThreadPool_NumThreads_Args args = {
        .struct_size = sizeof args,
        .ctx = frame->ctx,
        .num_threads = &count,
    };
    if (has_failed(frame->api, frame->api->XLA_FFI_ThreadPool_NumThreads(&args)))
        return 1; /* there is no pool */
    return count < INT_MAX ? (int)count : INT_MAX;
}

/* The number in gelu_fast.h; -1 if it is none of ours. */
static int find_dtype(int theirs) {
    switch (theirs) {
    case XLA_FFI_DataType_F16:
        return GELU_FAST_F16;
    case XLA_FFI_DataType_BF16:
        return GELU_FAST_BF16;
    case XLA_FFI_DataType_F32:
        return GELU_FAST_F32;
    case XLA_FFI_DataType_F64:
        return GELU_FAST_F64;
    default:
        return -1;
    }
}

static XLA_FFI_Error *handle_call(XLA_FFI_CallFrame *frame) {
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
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)name->len, name->ptr);
    const int function = gelu_fast_find_function(text);
    if (function < 0)
        return error(frame, "gelu_fast has no function \"%s\"", text);
    const struct gelu_fast_function_info *const info = &gelu_fast_functions[function];
    if (frame->args.size != info->inputs || frame->rets.size != info->outputs)
        return error(frame, "gelu_fast: %s has %d operands and %d results, not %lld and %lld",
                     info->name, info->inputs, info->outputs, (long long)frame->args.size,
                     (long long)frame->rets.size);

    const XLA_FFI_Buffer *const result = frame->rets.rets[0];
    const int dtype = find_dtype(result->dtype), ndim = (int)result->rank;
    if (result->rank > MOST_DIMENSIONS)
        return error(frame, "gelu_fast: %s takes up to %d dimensions, not %lld", info->name,
                     MOST_DIMENSIONS, (long long)result->rank);
    intptr_t shape[MOST_DIMENSIONS], strides[GELU_FAST_OPERAND_LIMIT * MOST_DIMENSIONS];
    char *data[GELU_FAST_OPERAND_LIMIT];
    for (int d = 0; d < ndim; d++)
        shape[d] = (intptr_t)result->dims[d];
    for (int k = 0; k < info->inputs + info->outputs; k++) {
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
        data[k] = buffer->data;
        intptr_t stride = dtype < 0 ? 0 : (intptr_t)gelu_fast_dtypes[dtype].size;
        for (int d = ndim - 1; d >= 0; d--) {
            if (buffer->dims[d] != result->dims[d] && !(is_input && buffer->dims[d] == 1))
                return error(frame,
                             "gelu_fast: dimension %d of %s %d of %s is %lld, where the result's "
                             "is %lld",
                             d, is_input ? "operand" : "result", i, info->name,
                             (long long)buffer->dims[d], (long long)result->dims[d]);
            strides[k * ndim + d] = buffer->dims[d] == 1 ? 0 : stride;
            stride *= (intptr_t)buffer->dims[d];
        }
    }
    if (dtype < 0)
        return error(frame, "gelu_fast: %s is for float16, bfloat16, float32 and float64",
                     info->name);
    const struct gelu_fast_team team = {pool_threads(frame), share_with_pool, frame};
    gelu_fast_set_thread_local_team(&team);
    gelu_fast_compute_arrays(function, dtype, GELU_FAST_DEFAULT, ndim, shape, data, strides);
    gelu_fast_set_thread_local_team(NULL);
    return NULL;
}

void *gelu_fast_xla_ffi_handler(void) { return (void *)handle_call; }
