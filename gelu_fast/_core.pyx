# cython: language_level=3, embedsignature=False, freethreading_compatible=True
"""The C library as Python sees it: ufuncs, ISA, threads."""

from collections import namedtuple

cimport numpy as cnp
from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_New
from cpython.ref cimport PyObject
from libc.stdint cimport SIZE_MAX, intptr_t
from libc.stdio cimport fputs, stderr
from libc.stdlib cimport abort

cdef extern from "numpy/ufuncobject.h":
    enum:
        PyUFunc_None  # no identity for reductions

cdef extern from *:
    """
    /* If an output is also an input, NumPy makes no copy, even if `axes` gives the two different core
     * dimensions. So a generalized ufunc passes calls with axes= to a twin, whose outputs lack
     * NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE, like those of np.matmul, and are copied. */
    typedef PyObject *gelu_fast_vectorcall(PyObject *, PyObject *const *, size_t, PyObject *);
    static gelu_fast_vectorcall *numpy_vectorcall;

    static PyObject *get_twin(PyObject *ufunc) { return ((PyUFuncObject *)ufunc)->obj; }

    static void set_twin(PyObject *ufunc, PyObject *twin, gelu_fast_vectorcall *call) {
        PyUFuncObject *const public = (PyUFuncObject *)ufunc, *const copying = (PyUFuncObject *)twin;
        for (int k = copying->nin; k < copying->nargs; k++)
            copying->op_flags[k] = NPY_ITER_WRITEONLY | NPY_ITER_UPDATEIFCOPY | NPY_ITER_ALIGNED |
                                   NPY_ITER_ALLOCATE | NPY_ITER_NO_BROADCAST | NPY_ITER_NO_SUBTYPE;
        Py_INCREF(twin);
        public->obj = twin; /* nothing else uses it, and the ufunc releases it */
        numpy_vectorcall = (gelu_fast_vectorcall *)public->vectorcall;
        public->vectorcall = (void *)call;
    }
    /* NumPy's own message for a missing loop does not tell why. */
    static int resolve_without_float64(PyUFuncObject *ufunc, NPY_CASTING casting,
                                       PyArrayObject **operands, PyObject *types,
                                       PyArray_Descr **dtypes) {
        const int result = PyUFunc_DefaultTypeResolver(ufunc, casting, operands, types, dtypes);
        if (result < 0 && PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Clear();
            PyErr_Format(PyExc_TypeError,
                         "gelu_fast.correctly_rounded.%s takes float32, float16 and bfloat16. No result is "
                         "known to be correctly rounded in float64, which Python's numbers and integers "
                         "become too: convert to float32, or give dtype=np.float32 for a float32 result",
                         ufunc->name);
        }
        return result;
    }
    static void explain_missing_float64(PyObject *ufunc) {
        ((PyUFuncObject *)ufunc)->type_resolver = resolve_without_float64;
    }
    """
    void explain_missing_float64(object ufunc)
    PyObject *get_twin(PyObject *ufunc)
    PyObject *numpy_vectorcall(
        PyObject *ufunc, PyObject *const *args, size_t nargs, PyObject *names
    ) noexcept
    void set_twin(
        object ufunc, object twin,
        PyObject *call(PyObject *, PyObject *const *, size_t, PyObject *) noexcept
    )

cdef extern from "cpu.h":
    enum:
        CPU_AVX2
        CPU_AVX512
        CPU_NEON
    unsigned gelu_fast_cpu_features() nogil

cdef extern from "cpu_quota.h":
    int gelu_fast_cpu_quota(const char *root) nogil

cdef extern from "gelu_fast.h":
    enum:
        GELU_FAST_MOST_THREADS
    ctypedef struct gelu_fast_operand:
        pass
    int gelu_fast_compute(
        int function, int dtype, int tier, size_t rows, size_t columns,
        const gelu_fast_operand *operands,
    ) nogil
    const char *gelu_fast_available_isa(int i) nogil
    const char *gelu_fast_isa() nogil
    int gelu_fast_set_isa(const char *name) nogil
    int gelu_fast_get_num_threads() nogil
    int gelu_fast_set_num_threads(int count) nogil
    int gelu_fast_set_thread_local_num_threads(int count) nogil

cdef extern from "dispatch.h":
    void *gelu_fast_find_kernel(int function, int dtype, int tier) nogil
    size_t gelu_fast_run_fmas(size_t rounds, int divides, float *result) nogil

cdef extern from "loops.h":
    enum:
        FUNCTION_COUNT
        DTYPE_f16
        DTYPE_bf16
        DTYPE_f32
        DTYPE_f64
        DTYPE_COUNT
        TIER_relaxed
        TIER_correctly_rounded
        TIER_COUNT
        GELU_FAST_OPERAND_LIMIT
    ctypedef struct function_info "const struct gelu_fast_function_info":
        const char *name
        int inputs
        int outputs
        const char *input_names
        const char *output_names
        int takes_rows
        int raises
        int relaxed
        int correctly_rounded
        double ulp_16_bit
        double ulp_f32
        double ulp_f64
        const char *formula
        const char *summary
    ctypedef struct loop "const struct gelu_fast_loop":
        pass
    function_info gelu_fast_functions[]
    loop gelu_fast_loops[TIER_COUNT][FUNCTION_COUNT][DTYPE_COUNT]
    void gelu_fast_ufunc_loop(
        char **args, const intptr_t *dimensions, const intptr_t *steps, void *data
    ) noexcept nogil
    void gelu_fast_generalized_ufunc_loop(
        char **args, const intptr_t *dimensions, const intptr_t *steps, void *data
    ) noexcept nogil

cdef extern from "arrays.h":
    int gelu_fast_broadcast(
        int function, int operands, int ndim, int has_rows, const ptrdiff_t *shapes,
        ptrdiff_t *result
    ) nogil
    int gelu_fast_has_overlap(
        int function, int dtype, int ndim, const ptrdiff_t *shape, char *const *data,
        const ptrdiff_t *strides
    ) nogil
    void gelu_fast_compute_arrays(
        int function, int dtype, int tier, int ndim, const ptrdiff_t *shape, char *const *data,
        const ptrdiff_t *strides
    ) nogil

cdef extern from "look_up.h":
    void gelu_fast_look_up_loop(
        char **args, const intptr_t *dimensions, const intptr_t *steps, void *data
    ) noexcept nogil

cdef extern from "parallel.h":
    void *gelu_fast_enter_thread_number(int count) nogil
    void gelu_fast_leave_thread_number(void *number) nogil
    void gelu_fast_parallel_load() nogil
    const char *gelu_fast_num_threads_reason() nogil
    const char *gelu_fast_openmp_runtime() nogil

cdef extern from "xla_ffi.h":
    void *gelu_fast_xla_ffi_handler() nogil

cdef extern from *:
    """
    #if defined(__clang__) || defined(__GNUC__)
    #ifdef __clang__
    #define GELU_FAST_COMPILER __VERSION__
    #else
    #define GELU_FAST_COMPILER "GCC " __VERSION__
    #endif
    #elif defined(_MSC_VER)
    #define GELU_FAST_STRING_(x) #x
    #define GELU_FAST_STRING(x) GELU_FAST_STRING_(x)
    #define GELU_FAST_COMPILER "MSVC " GELU_FAST_STRING(_MSC_VER)
    #else
    #define GELU_FAST_COMPILER "unknown"
    #endif
    """
    const char *GELU_FAST_COMPILER

cnp.import_array()
cnp.import_ufunc()
gelu_fast_parallel_load()

# A type with its own __array_ufunc__ must see the public ufunc, not the twin.
cdef bint is_for_twin(PyObject *const *args, size_t nargs, tuple names) noexcept:
    if "axes" not in names:
        return False
    operands = [<object>args[i] for i in range((nargs & SIZE_MAX >> 1) + len(names))]
    operands += [x for out in operands if isinstance(out, tuple) for x in out]
    numpys = cnp.ndarray.__array_ufunc__
    return all(getattr(type(x), "__array_ufunc__", numpys) is numpys for x in operands)


cdef PyObject *call_generalized_ufunc(
    PyObject *ufunc, PyObject *const *args, size_t nargs, PyObject *names
) noexcept:
    if names != NULL and is_for_twin(args, nargs, <tuple>names):
        ufunc = get_twin(ufunc)
    return numpy_vectorcall(ufunc, args, nargs, names)


Function = namedtuple(
    "Function",
    "number name inputs outputs takes_rows raises relaxed correctly_rounded ulp_16_bit ulp_float32 "
    "ulp_float64 formula summary",
)


cdef operand_names(const char *text):  # "(grad, x)"
    return tuple(text.decode()[1:-1].split(", "))


def functions():
    """Return the rows of functions.def."""
    cdef function_info *info
    cdef int number
    rows = []
    for number in range(FUNCTION_COUNT):
        info = &gelu_fast_functions[number]
        rows.append(Function(
            number, info.name.decode(), operand_names(info.input_names),
            operand_names(info.output_names), bool(info.takes_rows), bool(info.raises),
            bool(info.relaxed), bool(info.correctly_rounded), info.ulp_16_bit, info.ulp_f32,
            info.ulp_f64,
            info.formula.decode(), info.summary.decode(),
        ))
    return rows


# A ufunc keeps these pointers, not copies: they live as long as the process.
cdef enum:
    BUILTIN_DTYPES = 3
cdef cnp.PyUFuncGenericFunction loop_functions[2][BUILTIN_DTYPES]  # [takes_rows]
cdef void *loop_data[TIER_COUNT][FUNCTION_COUNT][BUILTIN_DTYPES]
cdef char types[GELU_FAST_OPERAND_LIMIT + 1][BUILTIN_DTYPES * GELU_FAST_OPERAND_LIMIT]  # [number of operands]
texts = []


def create_ufuncs(int tier, docstring):
    """Return the ufuncs of a tier and their twins, by name."""
    cdef int *dtypes = [DTYPE_f16, DTYPE_f32, DTYPE_f64]
    cdef int *type_numbers = [cnp.NPY_FLOAT16, cnp.NPY_FLOAT32, cnp.NPY_FLOAT64]
    cdef int i, k, operands
    # float64, the last, has no correctly rounded loops.
    cdef int dtype_count = BUILTIN_DTYPES - (tier == TIER_correctly_rounded)
    cdef function_info *info
    for k in range(BUILTIN_DTYPES):
        loop_functions[0][k] = <cnp.PyUFuncGenericFunction>gelu_fast_ufunc_loop
        loop_functions[1][k] = <cnp.PyUFuncGenericFunction>gelu_fast_generalized_ufunc_loop
        for operands in range(GELU_FAST_OPERAND_LIMIT + 1):
            for i in range(operands):
                types[operands][operands * k + i] = <char>type_numbers[k]
    ufuncs, twins = {}, {}
    for function in functions():
        i = function.number
        info = &gelu_fast_functions[i]
        if gelu_fast_find_kernel(i, DTYPE_f32, tier) == NULL:
            continue
        for k in range(dtype_count):
            loop_data[tier][i][k] = <void *>&gelu_fast_loops[tier][i][dtypes[k]]
        texts.append(docstring(function, tier).encode())
        signature = "->".join(",".join(["(n?)"] * n) for n in (info.inputs, info.outputs))
        texts.append(signature.encode())
        for made in (ufuncs, twins):
            if info.takes_rows or made is ufuncs:
                made[function.name] = cnp.PyUFunc_FromFuncAndDataAndSignature(
                    loop_functions[info.takes_rows], loop_data[tier][i],
                    types[info.inputs + info.outputs], dtype_count, info.inputs, info.outputs,
                    PyUFunc_None, <char *>info.name, texts[-2], 0,
                    <char *>texts[-1] if info.takes_rows else NULL,
                )
        if info.takes_rows:
            set_twin(ufuncs[function.name], twins[function.name], call_generalized_ufunc)
        if tier == TIER_correctly_rounded:
            explain_missing_float64(ufuncs[function.name])
    return ufuncs, twins


def register_bfloat16(ufuncs, int tier, dtype):
    """Give each ufunc a loop for `dtype`, the bfloat16 of ml_dtypes."""
    cdef int type_number = dtype.num
    cdef int *same_types = [type_number, type_number, type_number, type_number, type_number]
    cdef int i
    for i in range(FUNCTION_COUNT):
        name = gelu_fast_functions[i].name.decode()
        if name in ufuncs and cnp.PyUFunc_RegisterLoopForType(
            <cnp.ufunc>ufuncs[name], type_number,
            loop_functions[gelu_fast_functions[i].takes_rows][0],
            same_types, <void *>&gelu_fast_loops[tier][i][DTYPE_bf16],
        ) < 0:
            raise RuntimeError(f"NumPy refuses a bfloat16 loop for {name}")


cdef cnp.PyUFuncGenericFunction look_up_functions[1]
cdef void *look_up_data[1]
cdef char look_up_types[3]
look_up_functions[0] = <cnp.PyUFuncGenericFunction>gelu_fast_look_up_loop
look_up_data[0] = NULL
look_up_types[0] = look_up_types[1] = look_up_types[2] = <char>cnp.NPY_UINT8

look_up = cnp.PyUFunc_FromFuncAndDataAndSignature(
    look_up_functions, look_up_data, look_up_types, 1, 2, 1, PyUFunc_None, "look_up",
    "Return table[x], element by element, for bytes and a table of 256.", 0, "(256),(n)->(n)",
)


def available_isas():
    names = []
    cdef const char *name = gelu_fast_available_isa(0)
    while name != NULL:
        names.append(name.decode())
        name = gelu_fast_available_isa(<int>len(names))
    return tuple(names)


def isa():
    return gelu_fast_isa().decode()


def set_isa(str name):
    """Return whether the ISA is available and now in use."""
    return gelu_fast_set_isa(name.encode()) == 0


def run_fmas(size_t rounds, bint divides):
    """Run float32 multiply-adds with the ISA in use, to be timed; return their number.

    With `divides` there is a division of a vector for every 24 of its multiply-adds.
    """
    cdef float result
    cdef size_t fmas
    with nogil:
        fmas = gelu_fast_run_fmas(rounds, divides, &result)
    return fmas


def cpu_features():
    cdef unsigned features = gelu_fast_cpu_features()
    names = {  # as numbers: Cython's conversion of an enumeration causes a compiler warning
        <unsigned>CPU_AVX2: ("AVX2", "FMA", "F16C"),
        <unsigned>CPU_AVX512: ("AVX512F", "AVX512BW", "AVX512DQ", "AVX512VL"),
        <unsigned>CPU_NEON: ("ASIMD",),
    }
    return tuple(name for bit, group in names.items() if features & bit for name in group)


MOST_THREADS = <int>GELU_FAST_MOST_THREADS


cdef void leave_thread_number(object capsule) noexcept:
    gelu_fast_leave_thread_number(PyCapsule_GetPointer(capsule, NULL))


def enter_thread_number(int count):
    """Set the number of threads of this thread for as long as the returned object lives."""
    return PyCapsule_New(gelu_fast_enter_thread_number(count), NULL, leave_thread_number)


cpdef int get_num_threads() noexcept nogil:
    return gelu_fast_get_num_threads()


def num_threads_reason():
    return gelu_fast_num_threads_reason().decode()


cpdef int set_num_threads(int count) noexcept nogil:
    return gelu_fast_set_num_threads(count)


cpdef int set_thread_local_num_threads(int count) noexcept nogil:
    return gelu_fast_set_thread_local_num_threads(count)


def openmp_runtime():
    """Return the name of the OpenMP runtime, or None in a serial build."""
    cdef const char *runtime = gelu_fast_openmp_runtime()
    return None if runtime == NULL else runtime.decode()


def cpu_quota(str root):
    """Return the CPU quota that the files under a root directory give, for the tests."""
    return gelu_fast_cpu_quota(root.encode())


def compiler():
    return GELU_FAST_COMPILER.decode()


def xla_ffi_handler():
    """Return the XLA_FFI_Handler in a capsule, as JAX expects it."""
    return PyCapsule_New(gelu_fast_xla_ffi_handler(), NULL, NULL)


cdef int compute(
    int function, int dtype, int tier, size_t rows, size_t columns, const operand *operands
) noexcept nogil:
    return gelu_fast_compute(
        function, dtype, tier, rows, columns, <const gelu_fast_operand *>operands
    )


cdef int broadcast(
    int function, int operands, int ndim, int has_rows, const ptrdiff_t *shapes, ptrdiff_t *result
) noexcept nogil:
    return gelu_fast_broadcast(function, operands, ndim, has_rows, shapes, result)


cdef int has_overlap(
    int function, int dtype, int ndim, const ptrdiff_t *shape, char *const *data,
    const ptrdiff_t *strides
) noexcept nogil:
    return gelu_fast_has_overlap(function, dtype, ndim, shape, data, strides)


cdef void compute_arrays(
    int function, int dtype, int tier, int ndim, const ptrdiff_t *shape, char *const *data,
    const ptrdiff_t *strides
) noexcept nogil:
    gelu_fast_compute_arrays(function, dtype, tier, ndim, shape, data, strides)


cdef void refuse_stale_numba_cache() noexcept nogil:
    fputs(
        "gelu_fast: a function in a cache of Numba was compiled for another version of gelu_fast: "
        "delete the cache (*.nbi and *.nbc in __pycache__ or NUMBA_CACHE_DIR)\n", stderr,
    )
    abort()
