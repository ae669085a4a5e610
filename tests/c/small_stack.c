/* Calls the functions with the most operands, strided, from a thread with the smallest stack. */
#define _POSIX_C_SOURCE 200809L

#include <gelu_fast.h>

#include <limits.h>
#include <pthread.h>
#include <stdio.h>

enum { ROWS = 90, COLUMNS = 70, STEP = 2, COUNT = ROWS * COLUMNS * STEP };

static double data[5][COUNT];

static void *call(void *unused) {
    gelu_fast_operand operands[5];
    for (int k = 0; k < 5; k++)
        operands[k] = (gelu_fast_operand){data[k], COLUMNS * STEP, STEP};
    for (int dtype = GELU_FAST_F16; dtype <= GELU_FAST_F64; dtype++) {
        gelu_fast_compute(GELU_FAST_GEGLU_BACKWARD, dtype, GELU_FAST_DEFAULT, ROWS, COLUMNS,
                          operands);
        gelu_fast_compute(GELU_FAST_GELU_TANH_VALUE_AND_GRAD, dtype, GELU_FAST_DEFAULT, ROWS,
                          COLUMNS, operands);
    }
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
