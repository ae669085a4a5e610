/* Memory between two guard pages, for programs that look for bytes accessed outside an array. A
 * guard page finds them only if the array ends at the page. For the bytes in between, FORBID tells
 * AddressSanitizer or memcheck (with -DUSE_MEMCHECK) what may not be accessed. */
#ifndef GELU_FAST_TESTS_GUARDED_H
#define GELU_FAST_TESTS_GUARDED_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define USE_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define USE_ADDRESS_SANITIZER
#endif

#if defined(USE_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#define FORBID(p, n) __asan_poison_memory_region(p, n)
#define ALLOW(p, n) __asan_unpoison_memory_region(p, n)
#elif defined(USE_MEMCHECK)
#include <valgrind/memcheck.h>
#define FORBID(p, n) (void)VALGRIND_MAKE_MEM_NOACCESS(p, n)
#define ALLOW(p, n) (void)VALGRIND_MAKE_MEM_DEFINED(p, n)
#else
#define FORBID(p, n) ((void)(p), (void)(n))
#define ALLOW(p, n) ((void)(p), (void)(n))
#endif

struct guarded {
    char *begin, *end;
};

/* At least `bytes` bytes, in whole pages. */
static struct guarded guarded_pages(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t size = (bytes + page - 1) / page * page;
    char *const memory = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + page, size, PROT_READ | PROT_WRITE) != 0) {
        perror("guarded_pages");
        exit(1);
    }
    return (struct guarded){memory + page, memory + page + size};
}

#endif
