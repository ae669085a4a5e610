#include "dispatch.h"

#include "cpu.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct isa {
    const char *name;
    unsigned features;
    const gelu_fast_kernel_table *table;
};

static const struct isa isas[] = {
#define ISA(name, features) {#name, features, &gelu_fast_kernels_##name},
#include "isa.def"
#undef ISA
};
enum { ISA_COUNT = sizeof isas / sizeof isas[0] };

/* NULL until the first use. */
static const struct isa *_Atomic chosen;

static int is_available(const struct isa *isa) {
    return (isa->features & ~gelu_fast_cpu_features()) == 0;
}

/* NULL if there is none of that name, or this CPU does not run it. */
static const struct isa *find(const char *name) {
    for (int i = 0; i < ISA_COUNT; i++)
        if (strcmp(isas[i].name, name) == 0 && is_available(&isas[i]))
            return &isas[i];
    return NULL;
}

static const struct isa *first_choice(void) {
    const char *const name = getenv("GELU_FAST_ISA");
    const struct isa *isa = name == NULL ? NULL : find(name);
    if (isa == NULL) /* ends at baseline, which needs nothing */
        for (isa = isas; !is_available(isa);)
            isa++;
    return isa;
}

static const struct isa *current(void) {
    const struct isa *isa = atomic_load_explicit(&chosen, memory_order_acquire);
    if (isa == NULL) {
        const struct isa *const first = first_choice();
        /* What another thread has set meanwhile stays, and is then in isa. */
        if (atomic_compare_exchange_strong(&chosen, &isa, first))
            isa = first;
    }
    return isa;
}

const char *gelu_fast_available_isa(int i) {
    for (int k = 0; k < ISA_COUNT; k++)
        if (is_available(&isas[k]) && i-- == 0)
            return isas[k].name;
    return NULL;
}

const char *gelu_fast_isa(void) { return current()->name; }

int gelu_fast_set_isa(const char *name) {
    const struct isa *const isa = find(name);
    if (isa == NULL)
        return -1;
    atomic_store_explicit(&chosen, isa, memory_order_release);
    return 0;
}

gelu_fast_kernel *gelu_fast_find_kernel(int function, int dtype, int tier) {
    return current()->table->kernels[tier][function][dtype];
}

gelu_fast_look_up_kernel *gelu_fast_find_look_up(void) { return current()->table->look_up; }

size_t gelu_fast_run_fmas(size_t rounds, int divides, float *result) {
    return current()->table->run_fmas(rounds, divides, result);
}
