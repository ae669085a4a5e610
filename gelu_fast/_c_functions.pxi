# Written by tools/declare_functions.py from src/functions.def.
cdef extern from "gelu_fast.h":
    void gelu_fast_gelu_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_f32_relaxed(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_backward_f32(size_t n, const float *grad, const float *x, float *y) nogil
    void gelu_fast_gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_backward_f64(size_t n, const double *grad, const double *x, double *y) nogil
    void gelu_fast_gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad2_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_grad2_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) nogil
    void gelu_fast_gelu_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) nogil
    void gelu_fast_gelu_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_f32(size_t n, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_f32_relaxed(size_t n, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_f64(size_t n, const double *x, const double *bias, double *y) nogil
    void gelu_fast_bias_gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) nogil
    void gelu_fast_bias_gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) nogil
    void gelu_fast_geglu_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) nogil
    void gelu_fast_geglu_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_f32(size_t n, const float *gate, const float *up, float *y) nogil
    void gelu_fast_geglu_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_f32_relaxed(size_t n, const float *gate, const float *up, float *y) nogil
    void gelu_fast_geglu_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_f64(size_t n, const double *gate, const double *up, double *y) nogil
    void gelu_fast_geglu_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) nogil
    void gelu_fast_geglu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) nogil
    void gelu_fast_geglu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) nogil
    void gelu_fast_geglu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) nogil
    void gelu_fast_geglu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_gelu_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) nogil
    void gelu_fast_gelu_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) nogil
    void gelu_fast_gelu_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) nogil
    void gelu_fast_gelu_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) nogil
    void gelu_fast_gelu_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_tanh_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_f32_relaxed(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_tanh_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_tanh_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, float *y) nogil
    void gelu_fast_gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, double *y) nogil
    void gelu_fast_gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad2_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_tanh_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_grad2_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_tanh_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_tanh_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) nogil
    void gelu_fast_gelu_tanh_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_tanh_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) nogil
    void gelu_fast_gelu_tanh_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_f32(size_t n, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_f32_relaxed(size_t n, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_f64(size_t n, const double *x, const double *bias, double *y) nogil
    void gelu_fast_bias_gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) nogil
    void gelu_fast_bias_gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_tanh_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) nogil
    void gelu_fast_geglu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_tanh_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) nogil
    void gelu_fast_geglu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_tanh_f32(size_t n, const float *gate, const float *up, float *y) nogil
    void gelu_fast_geglu_tanh_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_tanh_f32_relaxed(size_t n, const float *gate, const float *up, float *y) nogil
    void gelu_fast_geglu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_tanh_f64(size_t n, const double *gate, const double *up, double *y) nogil
    void gelu_fast_geglu_tanh_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) nogil
    void gelu_fast_geglu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) nogil
    void gelu_fast_geglu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_tanh_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) nogil
    void gelu_fast_geglu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_tanh_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) nogil
    void gelu_fast_geglu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_gelu_tanh_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) nogil
    void gelu_fast_gelu_tanh_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_tanh_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) nogil
    void gelu_fast_gelu_tanh_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_tanh_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) nogil
    void gelu_fast_gelu_tanh_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_tanh_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) nogil
    void gelu_fast_gelu_tanh_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_quick_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_f32_relaxed(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_quick_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_quick_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_backward_f32(size_t n, const float *grad, const float *x, float *y) nogil
    void gelu_fast_gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_backward_f64(size_t n, const double *grad, const double *x, double *y) nogil
    void gelu_fast_gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad2_f32(size_t n, const float *x, float *y) nogil
    void gelu_fast_gelu_quick_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_grad2_f64(size_t n, const double *x, double *y) nogil
    void gelu_fast_gelu_quick_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) nogil
    void gelu_fast_gelu_quick_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) nogil
    void gelu_fast_gelu_quick_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_gelu_quick_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) nogil
    void gelu_fast_gelu_quick_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_f32(size_t n, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_f32_relaxed(size_t n, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_f64(size_t n, const double *x, const double *bias, double *y) nogil
    void gelu_fast_bias_gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) nogil
    void gelu_fast_bias_gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) nogil
    void gelu_fast_bias_gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_bias_gelu_quick_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) nogil
    void gelu_fast_bias_gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_quick_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) nogil
    void gelu_fast_geglu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_quick_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) nogil
    void gelu_fast_geglu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_quick_f32(size_t n, const float *gate, const float *up, float *y) nogil
    void gelu_fast_geglu_quick_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_quick_f32_relaxed(size_t n, const float *gate, const float *up, float *y) nogil
    void gelu_fast_geglu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_quick_f64(size_t n, const double *gate, const double *up, double *y) nogil
    void gelu_fast_geglu_quick_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) nogil
    void gelu_fast_geglu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) nogil
    void gelu_fast_geglu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) nogil
    void gelu_fast_geglu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_quick_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) nogil
    void gelu_fast_geglu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_geglu_quick_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) nogil
    void gelu_fast_geglu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) nogil
    void gelu_fast_gelu_quick_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) nogil
    void gelu_fast_gelu_quick_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_quick_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) nogil
    void gelu_fast_gelu_quick_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_quick_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) nogil
    void gelu_fast_gelu_quick_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) nogil
    void gelu_fast_gelu_quick_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) nogil
    void gelu_fast_gelu_quick_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) nogil


cdef void gelu_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_f16(n, x, y)


cdef void gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_bf16(n, x, y)


cdef void gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_f32(n, x, y)


cdef void gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_f32_relaxed(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_f32_relaxed(n, x, y)


cdef void gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_f32_relaxed_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_f64(n, x, y)


cdef void gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_grad_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_grad_f16(n, x, y)


cdef void gelu_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_grad_bf16(n, x, y)


cdef void gelu_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_grad_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_grad_f32(n, x, y)


cdef void gelu_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_grad_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_grad_f64(n, x, y)


cdef void gelu_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_backward_f16(n, grad, x, y)


cdef void gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_backward_f16_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_backward_bf16(n, grad, x, y)


cdef void gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_backward_bf16_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_backward_f32(size_t n, const float *grad, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_backward_f32(n, grad, x, y)


cdef void gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_backward_f32_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_backward_f64(size_t n, const double *grad, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_backward_f64(n, grad, x, y)


cdef void gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_backward_f64_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_grad2_f16(n, x, y)


cdef void gelu_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad2_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_grad2_bf16(n, x, y)


cdef void gelu_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad2_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_grad2_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_grad2_f32(n, x, y)


cdef void gelu_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad2_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_grad2_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_grad2_f64(n, x, y)


cdef void gelu_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_grad2_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_double_backward_f16(n, grad_grad, grad, x, y)


cdef void gelu_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_double_backward_f16_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_double_backward_bf16(n, grad_grad, grad, x, y)


cdef void gelu_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_double_backward_bf16_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_double_backward_f32(n, grad_grad, grad, x, y)


cdef void gelu_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_double_backward_f32_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_double_backward_f64(n, grad_grad, grad, x, y)


cdef void gelu_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_double_backward_f64_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void bias_gelu_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_f16(n, x, bias, y)


cdef void bias_gelu_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_f16_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_bf16(n, x, bias, y)


cdef void bias_gelu_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_bf16_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_f32(size_t n, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_f32(n, x, bias, y)


cdef void bias_gelu_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_f32_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_f32_relaxed(size_t n, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_f32_relaxed(n, x, bias, y)


cdef void bias_gelu_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_f32_relaxed_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_f64(size_t n, const double *x, const double *bias, double *y) noexcept nogil:
    gelu_fast_bias_gelu_f64(n, x, bias, y)


cdef void bias_gelu_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_f64_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_backward_f16(n, grad, x, bias, y)


cdef void bias_gelu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_backward_f16_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_backward_bf16(n, grad, x, bias, y)


cdef void bias_gelu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_backward_bf16_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_backward_f32(n, grad, x, bias, y)


cdef void bias_gelu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_backward_f32_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) noexcept nogil:
    gelu_fast_bias_gelu_backward_f64(n, grad, x, bias, y)


cdef void bias_gelu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_backward_f64_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void geglu_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil:
    gelu_fast_geglu_f16(n, gate, up, y)


cdef void geglu_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_f16_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil:
    gelu_fast_geglu_bf16(n, gate, up, y)


cdef void geglu_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_bf16_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_f32(size_t n, const float *gate, const float *up, float *y) noexcept nogil:
    gelu_fast_geglu_f32(n, gate, up, y)


cdef void geglu_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_f32_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_f32_relaxed(size_t n, const float *gate, const float *up, float *y) noexcept nogil:
    gelu_fast_geglu_f32_relaxed(n, gate, up, y)


cdef void geglu_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_f32_relaxed_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_f64(size_t n, const double *gate, const double *up, double *y) noexcept nogil:
    gelu_fast_geglu_f64(n, gate, up, y)


cdef void geglu_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_f64_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil:
    gelu_fast_geglu_backward_f16(n, grad, gate, up, dgate, dup)


cdef void geglu_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_backward_f16_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil:
    gelu_fast_geglu_backward_bf16(n, grad, gate, up, dgate, dup)


cdef void geglu_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_backward_bf16_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) noexcept nogil:
    gelu_fast_geglu_backward_f32(n, grad, gate, up, dgate, dup)


cdef void geglu_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_backward_f32_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) noexcept nogil:
    gelu_fast_geglu_backward_f64(n, grad, gate, up, dgate, dup)


cdef void geglu_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_backward_f64_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void gelu_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil:
    gelu_fast_gelu_value_and_grad_f16(n, x, value, grad)


cdef void gelu_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_value_and_grad_f16_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil:
    gelu_fast_gelu_value_and_grad_bf16(n, x, value, grad)


cdef void gelu_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_value_and_grad_bf16_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) noexcept nogil:
    gelu_fast_gelu_value_and_grad_f32(n, x, value, grad)


cdef void gelu_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_value_and_grad_f32_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) noexcept nogil:
    gelu_fast_gelu_value_and_grad_f64(n, x, value, grad)


cdef void gelu_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_value_and_grad_f64_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_tanh_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_f16(n, x, y)


cdef void gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_bf16(n, x, y)


cdef void gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_tanh_f32(n, x, y)


cdef void gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_f32_relaxed(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_tanh_f32_relaxed(n, x, y)


cdef void gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_f32_relaxed_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_tanh_f64(n, x, y)


cdef void gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad_f16(n, x, y)


cdef void gelu_tanh_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad_bf16(n, x, y)


cdef void gelu_tanh_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad_f32(n, x, y)


cdef void gelu_tanh_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad_f64(n, x, y)


cdef void gelu_tanh_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_backward_f16(n, grad, x, y)


cdef void gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_backward_f16_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_backward_bf16(n, grad, x, y)


cdef void gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_backward_bf16_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_tanh_backward_f32(n, grad, x, y)


cdef void gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_backward_f32_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_tanh_backward_f64(n, grad, x, y)


cdef void gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_backward_f64_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_f16(n, x, y)


cdef void gelu_tanh_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_bf16(n, x, y)


cdef void gelu_tanh_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad2_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_f32(n, x, y)


cdef void gelu_tanh_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_grad2_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_f64(n, x, y)


cdef void gelu_tanh_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_grad2_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_tanh_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_f16(n, grad_grad, grad, x, y)


cdef void gelu_tanh_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_f16_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_tanh_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_bf16(n, grad_grad, grad, x, y)


cdef void gelu_tanh_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_bf16_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_tanh_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_f32(n, grad_grad, grad, x, y)


cdef void gelu_tanh_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_f32_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_tanh_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_f64(n, grad_grad, grad, x, y)


cdef void gelu_tanh_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_double_backward_f64_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void bias_gelu_tanh_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f16(n, x, bias, y)


cdef void bias_gelu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f16_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_bf16(n, x, bias, y)


cdef void bias_gelu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_bf16_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_f32(size_t n, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f32(n, x, bias, y)


cdef void bias_gelu_tanh_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f32_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_f32_relaxed(size_t n, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f32_relaxed(n, x, bias, y)


cdef void bias_gelu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f32_relaxed_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_f64(size_t n, const double *x, const double *bias, double *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f64(n, x, bias, y)


cdef void bias_gelu_tanh_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_f64_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_f16(n, grad, x, bias, y)


cdef void bias_gelu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_f16_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_bf16(n, grad, x, bias, y)


cdef void bias_gelu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_bf16_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_f32(n, grad, x, bias, y)


cdef void bias_gelu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_f32_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_tanh_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_f64(n, grad, x, bias, y)


cdef void bias_gelu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_tanh_backward_f64_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void geglu_tanh_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil:
    gelu_fast_geglu_tanh_f16(n, gate, up, y)


cdef void geglu_tanh_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_f16_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_tanh_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil:
    gelu_fast_geglu_tanh_bf16(n, gate, up, y)


cdef void geglu_tanh_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_bf16_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_tanh_f32(size_t n, const float *gate, const float *up, float *y) noexcept nogil:
    gelu_fast_geglu_tanh_f32(n, gate, up, y)


cdef void geglu_tanh_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_f32_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_tanh_f32_relaxed(size_t n, const float *gate, const float *up, float *y) noexcept nogil:
    gelu_fast_geglu_tanh_f32_relaxed(n, gate, up, y)


cdef void geglu_tanh_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_f32_relaxed_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_tanh_f64(size_t n, const double *gate, const double *up, double *y) noexcept nogil:
    gelu_fast_geglu_tanh_f64(n, gate, up, y)


cdef void geglu_tanh_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_f64_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_tanh_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil:
    gelu_fast_geglu_tanh_backward_f16(n, grad, gate, up, dgate, dup)


cdef void geglu_tanh_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_backward_f16_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_tanh_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil:
    gelu_fast_geglu_tanh_backward_bf16(n, grad, gate, up, dgate, dup)


cdef void geglu_tanh_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_backward_bf16_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_tanh_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) noexcept nogil:
    gelu_fast_geglu_tanh_backward_f32(n, grad, gate, up, dgate, dup)


cdef void geglu_tanh_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_backward_f32_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_tanh_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) noexcept nogil:
    gelu_fast_geglu_tanh_backward_f64(n, grad, gate, up, dgate, dup)


cdef void geglu_tanh_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_tanh_backward_f64_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void gelu_tanh_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_f16(n, x, value, grad)


cdef void gelu_tanh_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_f16_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_tanh_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_bf16(n, x, value, grad)


cdef void gelu_tanh_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_bf16_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_tanh_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_f32(n, x, value, grad)


cdef void gelu_tanh_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_f32_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_tanh_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_f64(n, x, value, grad)


cdef void gelu_tanh_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_tanh_value_and_grad_f64_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_quick_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_f16(n, x, y)


cdef void gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_bf16(n, x, y)


cdef void gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_quick_f32(n, x, y)


cdef void gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_f32_relaxed(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_quick_f32_relaxed(n, x, y)


cdef void gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_f32_relaxed_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_quick_f64(n, x, y)


cdef void gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_grad_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_grad_f16(n, x, y)


cdef void gelu_quick_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_grad_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_grad_bf16(n, x, y)


cdef void gelu_quick_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_grad_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_quick_grad_f32(n, x, y)


cdef void gelu_quick_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_grad_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_quick_grad_f64(n, x, y)


cdef void gelu_quick_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_backward_f16(n, grad, x, y)


cdef void gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_backward_f16_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_backward_bf16(n, grad, x, y)


cdef void gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_backward_bf16_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_quick_backward_f32(size_t n, const float *grad, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_quick_backward_f32(n, grad, x, y)


cdef void gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_backward_f32_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_quick_backward_f64(size_t n, const double *grad, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_quick_backward_f64(n, grad, x, y)


cdef void gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_backward_f64_strided(rows, columns, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_quick_grad2_f16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_grad2_f16(n, x, y)


cdef void gelu_quick_grad2_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad2_f16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_grad2_bf16(size_t n, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_grad2_bf16(n, x, y)


cdef void gelu_quick_grad2_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad2_bf16_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_grad2_f32(size_t n, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_quick_grad2_f32(n, x, y)


cdef void gelu_quick_grad2_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad2_f32_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_grad2_f64(size_t n, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_quick_grad2_f64(n, x, y)


cdef void gelu_quick_grad2_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_grad2_f64_strided(rows, columns, x, x_steps, y, y_steps)


cdef void gelu_quick_double_backward_f16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_f16(n, grad_grad, grad, x, y)


cdef void gelu_quick_double_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_f16_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_quick_double_backward_bf16(size_t n, const uint16_t *grad_grad, const uint16_t *grad, const uint16_t *x, uint16_t *y) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_bf16(n, grad_grad, grad, x, y)


cdef void gelu_quick_double_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad_grad, const ptrdiff_t grad_grad_steps[2], const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_bf16_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_quick_double_backward_f32(size_t n, const float *grad_grad, const float *grad, const float *x, float *y) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_f32(n, grad_grad, grad, x, y)


cdef void gelu_quick_double_backward_f32_strided(size_t rows, size_t columns, const float *grad_grad, const ptrdiff_t grad_grad_steps[2], const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_f32_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void gelu_quick_double_backward_f64(size_t n, const double *grad_grad, const double *grad, const double *x, double *y) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_f64(n, grad_grad, grad, x, y)


cdef void gelu_quick_double_backward_f64_strided(size_t rows, size_t columns, const double *grad_grad, const ptrdiff_t grad_grad_steps[2], const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_double_backward_f64_strided(rows, columns, grad_grad, grad_grad_steps, grad, grad_steps, x, x_steps, y, y_steps)


cdef void bias_gelu_quick_f16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_f16(n, x, bias, y)


cdef void bias_gelu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_f16_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_bf16(size_t n, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_bf16(n, x, bias, y)


cdef void bias_gelu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_bf16_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_f32(size_t n, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_f32(n, x, bias, y)


cdef void bias_gelu_quick_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_f32_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_f32_relaxed(size_t n, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_f32_relaxed(n, x, bias, y)


cdef void bias_gelu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_f32_relaxed_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_f64(size_t n, const double *x, const double *bias, double *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_f64(n, x, bias, y)


cdef void bias_gelu_quick_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_f64_strided(rows, columns, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_f16(n, grad, x, bias, y)


cdef void bias_gelu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_f16_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *x, const uint16_t *bias, uint16_t *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_bf16(n, grad, x, bias, y)


cdef void bias_gelu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *x, const ptrdiff_t x_steps[2], const uint16_t *bias, const ptrdiff_t bias_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_bf16_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_backward_f32(size_t n, const float *grad, const float *x, const float *bias, float *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_f32(n, grad, x, bias, y)


cdef void bias_gelu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *x, const ptrdiff_t x_steps[2], const float *bias, const ptrdiff_t bias_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_f32_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void bias_gelu_quick_backward_f64(size_t n, const double *grad, const double *x, const double *bias, double *y) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_f64(n, grad, x, bias, y)


cdef void bias_gelu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *x, const ptrdiff_t x_steps[2], const double *bias, const ptrdiff_t bias_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_bias_gelu_quick_backward_f64_strided(rows, columns, grad, grad_steps, x, x_steps, bias, bias_steps, y, y_steps)


cdef void geglu_quick_f16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil:
    gelu_fast_geglu_quick_f16(n, gate, up, y)


cdef void geglu_quick_f16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_f16_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_quick_bf16(size_t n, const uint16_t *gate, const uint16_t *up, uint16_t *y) noexcept nogil:
    gelu_fast_geglu_quick_bf16(n, gate, up, y)


cdef void geglu_quick_bf16_strided(size_t rows, size_t columns, const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_bf16_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_quick_f32(size_t n, const float *gate, const float *up, float *y) noexcept nogil:
    gelu_fast_geglu_quick_f32(n, gate, up, y)


cdef void geglu_quick_f32_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_f32_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_quick_f32_relaxed(size_t n, const float *gate, const float *up, float *y) noexcept nogil:
    gelu_fast_geglu_quick_f32_relaxed(n, gate, up, y)


cdef void geglu_quick_f32_relaxed_strided(size_t rows, size_t columns, const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_f32_relaxed_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_quick_f64(size_t n, const double *gate, const double *up, double *y) noexcept nogil:
    gelu_fast_geglu_quick_f64(n, gate, up, y)


cdef void geglu_quick_f64_strided(size_t rows, size_t columns, const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *y, const ptrdiff_t y_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_f64_strided(rows, columns, gate, gate_steps, up, up_steps, y, y_steps)


cdef void geglu_quick_backward_f16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil:
    gelu_fast_geglu_quick_backward_f16(n, grad, gate, up, dgate, dup)


cdef void geglu_quick_backward_f16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_backward_f16_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_quick_backward_bf16(size_t n, const uint16_t *grad, const uint16_t *gate, const uint16_t *up, uint16_t *dgate, uint16_t *dup) noexcept nogil:
    gelu_fast_geglu_quick_backward_bf16(n, grad, gate, up, dgate, dup)


cdef void geglu_quick_backward_bf16_strided(size_t rows, size_t columns, const uint16_t *grad, const ptrdiff_t grad_steps[2], const uint16_t *gate, const ptrdiff_t gate_steps[2], const uint16_t *up, const ptrdiff_t up_steps[2], uint16_t *dgate, const ptrdiff_t dgate_steps[2], uint16_t *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_backward_bf16_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_quick_backward_f32(size_t n, const float *grad, const float *gate, const float *up, float *dgate, float *dup) noexcept nogil:
    gelu_fast_geglu_quick_backward_f32(n, grad, gate, up, dgate, dup)


cdef void geglu_quick_backward_f32_strided(size_t rows, size_t columns, const float *grad, const ptrdiff_t grad_steps[2], const float *gate, const ptrdiff_t gate_steps[2], const float *up, const ptrdiff_t up_steps[2], float *dgate, const ptrdiff_t dgate_steps[2], float *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_backward_f32_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void geglu_quick_backward_f64(size_t n, const double *grad, const double *gate, const double *up, double *dgate, double *dup) noexcept nogil:
    gelu_fast_geglu_quick_backward_f64(n, grad, gate, up, dgate, dup)


cdef void geglu_quick_backward_f64_strided(size_t rows, size_t columns, const double *grad, const ptrdiff_t grad_steps[2], const double *gate, const ptrdiff_t gate_steps[2], const double *up, const ptrdiff_t up_steps[2], double *dgate, const ptrdiff_t dgate_steps[2], double *dup, const ptrdiff_t dup_steps[2]) noexcept nogil:
    gelu_fast_geglu_quick_backward_f64_strided(rows, columns, grad, grad_steps, gate, gate_steps, up, up_steps, dgate, dgate_steps, dup, dup_steps)


cdef void gelu_quick_value_and_grad_f16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_f16(n, x, value, grad)


cdef void gelu_quick_value_and_grad_f16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_f16_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_quick_value_and_grad_bf16(size_t n, const uint16_t *x, uint16_t *value, uint16_t *grad) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_bf16(n, x, value, grad)


cdef void gelu_quick_value_and_grad_bf16_strided(size_t rows, size_t columns, const uint16_t *x, const ptrdiff_t x_steps[2], uint16_t *value, const ptrdiff_t value_steps[2], uint16_t *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_bf16_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_quick_value_and_grad_f32(size_t n, const float *x, float *value, float *grad) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_f32(n, x, value, grad)


cdef void gelu_quick_value_and_grad_f32_strided(size_t rows, size_t columns, const float *x, const ptrdiff_t x_steps[2], float *value, const ptrdiff_t value_steps[2], float *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_f32_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)


cdef void gelu_quick_value_and_grad_f64(size_t n, const double *x, double *value, double *grad) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_f64(n, x, value, grad)


cdef void gelu_quick_value_and_grad_f64_strided(size_t rows, size_t columns, const double *x, const ptrdiff_t x_steps[2], double *value, const ptrdiff_t value_steps[2], double *grad, const ptrdiff_t grad_steps[2]) noexcept nogil:
    gelu_fast_gelu_quick_value_and_grad_f64_strided(rows, columns, x, x_steps, value, value_steps, grad, grad_steps)
