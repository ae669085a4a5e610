/* Forks that happened before this library was loaded; later ones pthread_atfork tells of. */
#ifndef GELU_FAST_FORK_H
#define GELU_FAST_FORK_H

#include <stdint.h>

/* Whether this process was forked, without exec since, and the library that has `function` was there
 * before this one: it may have been in use at the fork. 0 where the system does not tell. */
int gelu_fast_was_forked_after_loading(uintptr_t function);

#endif
