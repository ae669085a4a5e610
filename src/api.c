/* The computing part of gelu_fast.h: a call of a NumPy inner loop. */
#include "gelu_fast.h"

#include "dispatch.h"
#include "loops.h"

#include <string.h>

const char *gelu_fast_version(void) { return GELU_FAST_VERSION; }

int gelu_fast_find_function(const char *name) {
    for (int i = 0; i < FUNCTION_COUNT; i++)
        if (strcmp(gelu_fast_functions[i].name, name) == 0)
            return i;
    return -1;
}

static int is_index(int i, int count) { return 0 <= i && i < count; }

int gelu_fast_compute(int function, int dtype, int tier, size_t rows, size_t columns,
                      const gelu_fast_operand *operands) {
    if (!is_index(function, FUNCTION_COUNT) || !is_index(dtype, DTYPE_COUNT) ||
        !is_index(tier, TIER_COUNT))
        return -1;
    const struct gelu_fast_function_info *const info = &gelu_fast_functions[function];
    if (tier != TIER_default && gelu_fast_find_kernel(function, dtype, tier) == NULL)
        return -1;
    if (rows == 0 || columns == 0)
        return 0;
    const int count = info->inputs + info->outputs;
    const intptr_t item_size = (intptr_t)gelu_fast_dtypes[dtype].size;
    const intptr_t dimensions[] = {(intptr_t)rows, (intptr_t)columns};
    char *args[GELU_FAST_OPERAND_LIMIT];
    intptr_t steps[2 * GELU_FAST_OPERAND_LIMIT];
    for (int k = 0; k < count; k++) {
        args[k] = (char *)operands[k].data;
        steps[k] = operands[k].row_step * item_size;
        steps[count + k] = operands[k].step * item_size;
    }
    gelu_fast_generalized_ufunc_loop(args, dimensions, steps,
                                     (void *)&gelu_fast_loops[tier][function][dtype]);
    return 0;
}
