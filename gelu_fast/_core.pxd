# The C interface for other Cython modules, which need neither its header nor its library:
#     cimport gelu_fast
#     gelu_fast.gelu(n, x, y)  # n contiguous elements at pointers of one type
# tools/list_functions.py writes the lists of functions. docs/integrations/cython.md tells more.
from libc.stddef cimport ptrdiff_t
from libc.stdint cimport uint16_t

cpdef int get_num_threads() noexcept nogil
cpdef int set_num_threads(int count) noexcept nogil
cpdef int set_thread_local_num_threads(int count) noexcept nogil

cdef struct float16:
    uint16_t bits

cdef struct bfloat16:
    uint16_t bits

ctypedef fused element:
    float16
    bfloat16
    float
    double

cdef enum:
    F16 = 0
    BF16 = 1
    F32 = 2
    F64 = 3

cdef enum:
    DEFAULT = 0
    RELAXED = 1
    CORRECTLY_ROUNDED = 2

# The element of row r and column c is at data[r * row_step + c * step].
cdef struct operand:
    const void *data
    ptrdiff_t row_step
    ptrdiff_t step

# gelu_fast_compute of gelu_fast.h: rows x columns elements; -1 if there is no such function.
cdef int compute(
    int function, int dtype, int tier, size_t rows, size_t columns, const operand *operands
) noexcept nogil

# For _numba.py: src/arrays.h.
cdef int broadcast(
    int function, int operands, int ndim, int has_rows, const ptrdiff_t *shapes, ptrdiff_t *result
) noexcept nogil
cdef int has_overlap(
    int function, int dtype, int ndim, const ptrdiff_t *shape, char *const *data,
    const ptrdiff_t *strides
) noexcept nogil
cdef void compute_arrays(
    int function, int dtype, int tier, int ndim, const ptrdiff_t *shape, char *const *data,
    const ptrdiff_t *strides
) noexcept nogil
cdef void refuse_stale_numba_cache() noexcept nogil

cdef inline int dtype_of(const element *x) noexcept nogil:
    if element is float16:
        return F16
    elif element is bfloat16:
        return BF16
    elif element is float:
        return F32
    else:
        return F64

cdef inline operand contiguous(const void *data) noexcept nogil:
    return operand(data, 0, 1)

# begin functions: written by tools/list_functions.py
cdef enum:
    GELU = 0
    GELU_GRAD = 1
    GELU_BACKWARD = 2
    GELU_GRAD2 = 3
    GELU_DOUBLE_BACKWARD = 4
    BIAS_GELU = 5
    BIAS_GELU_BACKWARD = 6
    GEGLU = 7
    GEGLU_BACKWARD = 8
    GELU_VALUE_AND_GRAD = 9
    GELU_TANH = 10
    GELU_TANH_GRAD = 11
    GELU_TANH_BACKWARD = 12
    GELU_TANH_GRAD2 = 13
    GELU_TANH_DOUBLE_BACKWARD = 14
    BIAS_GELU_TANH = 15
    BIAS_GELU_TANH_BACKWARD = 16
    GEGLU_TANH = 17
    GEGLU_TANH_BACKWARD = 18
    GELU_TANH_VALUE_AND_GRAD = 19
    GELU_QUICK = 20
    GELU_QUICK_GRAD = 21
    GELU_QUICK_BACKWARD = 22
    GELU_QUICK_GRAD2 = 23
    GELU_QUICK_DOUBLE_BACKWARD = 24
    BIAS_GELU_QUICK = 25
    BIAS_GELU_QUICK_BACKWARD = 26
    GEGLU_QUICK = 27
    GEGLU_QUICK_BACKWARD = 28
    GELU_QUICK_VALUE_AND_GRAD = 29

cdef inline void gelu(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_grad(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_GRAD, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_backward(size_t n, const element *grad, const element *x, element *y) noexcept nogil:
    compute(GELU_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(x), contiguous(y)])

cdef inline void gelu_grad2(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_GRAD2, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_double_backward(size_t n, const element *grad_grad, const element *grad, const element *x, element *y) noexcept nogil:
    compute(GELU_DOUBLE_BACKWARD, dtype_of[element](grad_grad), DEFAULT, 1, n, [contiguous(grad_grad), contiguous(grad), contiguous(x), contiguous(y)])

cdef inline void bias_gelu(size_t n, const element *x, const element *bias, element *y) noexcept nogil:
    compute(BIAS_GELU, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(bias), contiguous(y)])

cdef inline void bias_gelu_backward(size_t n, const element *grad, const element *x, const element *bias, element *y) noexcept nogil:
    compute(BIAS_GELU_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(x), contiguous(bias), contiguous(y)])

cdef inline void geglu(size_t n, const element *gate, const element *up, element *y) noexcept nogil:
    compute(GEGLU, dtype_of[element](gate), DEFAULT, 1, n, [contiguous(gate), contiguous(up), contiguous(y)])

cdef inline void geglu_backward(size_t n, const element *grad, const element *gate, const element *up, element *dgate, element *dup) noexcept nogil:
    compute(GEGLU_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(gate), contiguous(up), contiguous(dgate), contiguous(dup)])

cdef inline void gelu_value_and_grad(size_t n, const element *x, element *value, element *grad) noexcept nogil:
    compute(GELU_VALUE_AND_GRAD, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(value), contiguous(grad)])

cdef inline void gelu_tanh(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_TANH, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_tanh_grad(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_TANH_GRAD, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_tanh_backward(size_t n, const element *grad, const element *x, element *y) noexcept nogil:
    compute(GELU_TANH_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(x), contiguous(y)])

cdef inline void gelu_tanh_grad2(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_TANH_GRAD2, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_tanh_double_backward(size_t n, const element *grad_grad, const element *grad, const element *x, element *y) noexcept nogil:
    compute(GELU_TANH_DOUBLE_BACKWARD, dtype_of[element](grad_grad), DEFAULT, 1, n, [contiguous(grad_grad), contiguous(grad), contiguous(x), contiguous(y)])

cdef inline void bias_gelu_tanh(size_t n, const element *x, const element *bias, element *y) noexcept nogil:
    compute(BIAS_GELU_TANH, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(bias), contiguous(y)])

cdef inline void bias_gelu_tanh_backward(size_t n, const element *grad, const element *x, const element *bias, element *y) noexcept nogil:
    compute(BIAS_GELU_TANH_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(x), contiguous(bias), contiguous(y)])

cdef inline void geglu_tanh(size_t n, const element *gate, const element *up, element *y) noexcept nogil:
    compute(GEGLU_TANH, dtype_of[element](gate), DEFAULT, 1, n, [contiguous(gate), contiguous(up), contiguous(y)])

cdef inline void geglu_tanh_backward(size_t n, const element *grad, const element *gate, const element *up, element *dgate, element *dup) noexcept nogil:
    compute(GEGLU_TANH_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(gate), contiguous(up), contiguous(dgate), contiguous(dup)])

cdef inline void gelu_tanh_value_and_grad(size_t n, const element *x, element *value, element *grad) noexcept nogil:
    compute(GELU_TANH_VALUE_AND_GRAD, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(value), contiguous(grad)])

cdef inline void gelu_quick(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_QUICK, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_quick_grad(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_QUICK_GRAD, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_quick_backward(size_t n, const element *grad, const element *x, element *y) noexcept nogil:
    compute(GELU_QUICK_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(x), contiguous(y)])

cdef inline void gelu_quick_grad2(size_t n, const element *x, element *y) noexcept nogil:
    compute(GELU_QUICK_GRAD2, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(y)])

cdef inline void gelu_quick_double_backward(size_t n, const element *grad_grad, const element *grad, const element *x, element *y) noexcept nogil:
    compute(GELU_QUICK_DOUBLE_BACKWARD, dtype_of[element](grad_grad), DEFAULT, 1, n, [contiguous(grad_grad), contiguous(grad), contiguous(x), contiguous(y)])

cdef inline void bias_gelu_quick(size_t n, const element *x, const element *bias, element *y) noexcept nogil:
    compute(BIAS_GELU_QUICK, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(bias), contiguous(y)])

cdef inline void bias_gelu_quick_backward(size_t n, const element *grad, const element *x, const element *bias, element *y) noexcept nogil:
    compute(BIAS_GELU_QUICK_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(x), contiguous(bias), contiguous(y)])

cdef inline void geglu_quick(size_t n, const element *gate, const element *up, element *y) noexcept nogil:
    compute(GEGLU_QUICK, dtype_of[element](gate), DEFAULT, 1, n, [contiguous(gate), contiguous(up), contiguous(y)])

cdef inline void geglu_quick_backward(size_t n, const element *grad, const element *gate, const element *up, element *dgate, element *dup) noexcept nogil:
    compute(GEGLU_QUICK_BACKWARD, dtype_of[element](grad), DEFAULT, 1, n, [contiguous(grad), contiguous(gate), contiguous(up), contiguous(dgate), contiguous(dup)])

cdef inline void gelu_quick_value_and_grad(size_t n, const element *x, element *value, element *grad) noexcept nogil:
    compute(GELU_QUICK_VALUE_AND_GRAD, dtype_of[element](x), DEFAULT, 1, n, [contiguous(x), contiguous(value), contiguous(grad)])
# end functions
