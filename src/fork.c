#ifdef __linux__
#define _GNU_SOURCE /* dladdr, dl_iterate_phdr */
#endif

#include "fork.h"

#ifdef __linux__

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

static int was_forked(void) {
    enum { PF_FORKNOEXEC = 0x40 }; /* Linux, include/linux/sched.h: forked, and no exec since */
    unsigned flags = 0;
    FILE *const file = fopen("/proc/self/stat", "re");
    if (file != NULL) {
        /* "PID (NAME) STATE PPID PGRP SESSION TTY TPGID FLAGS ...", proc(5). NAME may contain anything;
         * what follows it contains no parenthesis. */
        char line[1024];
        line[fread(line, 1, sizeof line - 1, file)] = '\0';
        fclose(file);
        const char *const after_name = strrchr(line, ')');
        if (after_name == NULL || sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %u", &flags) != 1)
            flags = 0;
    }
    return (flags & PF_FORKNOEXEC) != 0;
}

/* Objects come in load order, a library before its own dependencies. */
static int find_first(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    const Dl_info *const libraries = context; /* the runtime, this library */
    for (int i = 0; i < 2; i++)
        if (object->dlpi_addr == (uintptr_t)libraries[i].dli_fbase)
            return i + 1;
    return 0;
}

static int was_loaded_before(uintptr_t function) {
    Dl_info libraries[2];
    return dladdr((void *)function, &libraries[0]) != 0 &&
           dladdr((void *)(uintptr_t)find_first, &libraries[1]) != 0 &&
           dl_iterate_phdr(find_first, libraries) == 1;
}

/* Another library may have used the same OpenMP runtime before the fork: PyTorch and Numba load a
 * libgomp.so.1, and then it is ours too. */
int gelu_fast_was_forked_after_loading(uintptr_t function) {
    return was_loaded_before(function) && was_forked();
}

#else

int gelu_fast_was_forked_after_loading(uintptr_t function) {
    (void)function;
    return 0;
}

#endif
