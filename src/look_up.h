/* The inner loop of a generalized ufunc (t),(n)->(n) over bytes: out = table[x], t being 256. */
#ifndef GELU_FAST_LOOK_UP_H
#define GELU_FAST_LOOK_UP_H

#include <stdint.h>

void gelu_fast_look_up_loop(char **args, const intptr_t *dimensions, const intptr_t *steps,
                            void *data);

#endif
