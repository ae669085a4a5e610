#ifndef GELU_FAST_TESTS_HASH_BITS_H
#define GELU_FAST_TESTS_HASH_BITS_H

/* Prints "hash function dtype value" for the results of every function and dtype over a fixed set of
 * inputs: tests/bits.txt holds the values. Returns how many results differ from those of the first ISA
 * with a hardware fma, or -1 without memory. */
int hash_bits(void);

/* The k-th ISA to check, or NULL after the last: all that this CPU runs, or only_isa if set. */
extern const char *only_isa;
const char *isa_to_check(int k);

#endif
