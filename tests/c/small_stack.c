/* Calls the functions with the most operands, strided, from a thread with the smallest stack that there is. */
#define _POSIX_C_SOURCE 200809L

#include <gelu_fast.h>

#include <limits.h>
#include <pthread.h>
#include <stdio.h>

enum { ROWS = 90, COLUMNS = 70, STEP = 2, COUNT = ROWS * COLUMNS * STEP };

static double operands[5][COUNT];

#define CALL(dtype, element)                                                                       \
    gelu_fast_geglu_backward_##dtype##_strided(                                                    \
        ROWS, COLUMNS, (element *)operands[0], steps, (element *)operands[1], steps,               \
        (element *)operands[2], steps, (element *)operands[3], steps, (element *)operands[4],      \
        steps);                                                                                    \
    gelu_fast_gelu_tanh_value_and_grad_##dtype##_strided(ROWS, COLUMNS, (element *)operands[0],    \
                                                         steps, (element *)operands[3], steps,     \
                                                         (element *)operands[4], steps)

static void *call(void *unused) {
    static const ptrdiff_t steps[] = {COLUMNS * STEP, STEP};
    CALL(f16, uint16_t);
    CALL(bf16, uint16_t);
    CALL(f32, float);
    CALL(f64, double);
    return unused;
}

int main(void) {
    for (int i = 0; gelu_fast_available_isa(i) != NULL; i++) {
        pthread_t thread;
        pthread_attr_t attributes;
        gelu_fast_set_isa(gelu_fast_available_isa(i));
        if (pthread_attr_init(&attributes) != 0 ||
            pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) != 0 ||
            pthread_create(&thread, &attributes, call, NULL) != 0 ||
            pthread_join(thread, NULL) != 0)
            return 1;
        puts(gelu_fast_isa());
    }
    return 0;
}
