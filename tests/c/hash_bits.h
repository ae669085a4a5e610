#ifndef GELU_FAST_TESTS_HASH_BITS_H
#define GELU_FAST_TESTS_HASH_BITS_H

/* Prints "hash function dtype value" for the results of every function and dtype over a fixed set of
 * inputs: tests/bits.txt holds the values. Returns the number of ISAs with a hardware fma that
 * disagree with the first of them, or -1 without memory. */
int hash_bits(void);

#endif
