# Written by tools/declare_functions.py from src/functions.def.
from libc.stddef cimport ptrdiff_t
from libc.stdint cimport uint16_t

cpdef int get_num_threads() noexcept nogil
cpdef int set_num_threads(int count) noexcept nogil
cpdef int set_thread_local_num_threads(int count) noexcept nogil
cdef void gelu_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_f32_relaxed(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_backward_f32(size_t n, const float *grad, const float *x, float *y) noexcept nogil
cdef void gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_backward_f64(size_t n, const double *grad, const double *x, double *y) noexcept nogil
cdef void gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad2_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_grad2_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) noexcept nogil
cdef void gelu_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) noexcept nogil
cdef void gelu_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_f32(size_t n, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_f32_relaxed(size_t n, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_f64(size_t n, const double *x, const double *bias, double *y) noexcept nogil
cdef void bias_gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) noexcept nogil
cdef void bias_gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil
cdef void geglu_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil
cdef void geglu_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_f32(size_t n, const float *gate, const float *up, float *y) noexcept nogil
cdef void geglu_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_f32_relaxed(size_t n, const float *gate, const float *up, float *y) noexcept nogil
cdef void geglu_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_f64(size_t n, const double *gate, const double *up, double *y) noexcept nogil
cdef void geglu_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil
cdef void geglu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil
cdef void geglu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) noexcept nogil
cdef void geglu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) noexcept nogil
cdef void geglu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void gelu_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil
cdef void gelu_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil
cdef void gelu_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) noexcept nogil
cdef void gelu_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) noexcept nogil
cdef void gelu_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_tanh_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_f32_relaxed(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_tanh_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_tanh_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, float *y) noexcept nogil
cdef void gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, double *y) noexcept nogil
cdef void gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad2_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_tanh_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_grad2_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_tanh_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_tanh_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) noexcept nogil
cdef void gelu_tanh_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_tanh_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) noexcept nogil
cdef void gelu_tanh_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_f32(size_t n, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_f32_relaxed(size_t n, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_f64(size_t n, const double *x, const double *bias, double *y) noexcept nogil
cdef void bias_gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) noexcept nogil
cdef void bias_gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_tanh_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil
cdef void geglu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_tanh_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil
cdef void geglu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_tanh_f32(size_t n, const float *gate, const float *up, float *y) noexcept nogil
cdef void geglu_tanh_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_tanh_f32_relaxed(size_t n, const float *gate, const float *up, float *y) noexcept nogil
cdef void geglu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_tanh_f64(size_t n, const double *gate, const double *up, double *y) noexcept nogil
cdef void geglu_tanh_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil
cdef void geglu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil
cdef void geglu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_tanh_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) noexcept nogil
cdef void geglu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_tanh_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) noexcept nogil
cdef void geglu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void gelu_tanh_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil
cdef void gelu_tanh_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_tanh_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil
cdef void gelu_tanh_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_tanh_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) noexcept nogil
cdef void gelu_tanh_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_tanh_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) noexcept nogil
cdef void gelu_tanh_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_quick_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_f32_relaxed(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_quick_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_quick_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_backward_f32(size_t n, const float *grad, const float *x, float *y) noexcept nogil
cdef void gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_backward_f64(size_t n, const double *grad, const double *x, double *y) noexcept nogil
cdef void gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad2_f32(size_t n, const float *x, float *y) noexcept nogil
cdef void gelu_quick_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_grad2_f64(size_t n, const double *x, double *y) noexcept nogil
cdef void gelu_quick_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil
cdef void gelu_quick_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) noexcept nogil
cdef void gelu_quick_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void gelu_quick_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) noexcept nogil
cdef void gelu_quick_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_f32(size_t n, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_f32_relaxed(size_t n, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_f64(size_t n, const double *x, const double *bias, double *y) noexcept nogil
cdef void bias_gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil
cdef void bias_gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) noexcept nogil
cdef void bias_gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void bias_gelu_quick_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) noexcept nogil
cdef void bias_gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_quick_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil
cdef void geglu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_quick_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil
cdef void geglu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_quick_f32(size_t n, const float *gate, const float *up, float *y) noexcept nogil
cdef void geglu_quick_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_quick_f32_relaxed(size_t n, const float *gate, const float *up, float *y) noexcept nogil
cdef void geglu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_quick_f64(size_t n, const double *gate, const double *up, double *y) noexcept nogil
cdef void geglu_quick_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil
cdef void geglu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil
cdef void geglu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil
cdef void geglu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_quick_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) noexcept nogil
cdef void geglu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void geglu_quick_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) noexcept nogil
cdef void geglu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) noexcept nogil
cdef void gelu_quick_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil
cdef void gelu_quick_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_quick_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil
cdef void gelu_quick_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_quick_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) noexcept nogil
cdef void gelu_quick_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
cdef void gelu_quick_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) noexcept nogil
cdef void gelu_quick_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) noexcept nogil
