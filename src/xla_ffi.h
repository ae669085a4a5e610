/* The functions as a custom call of XLA, which JAX compiles to. */
#ifndef GELU_FAST_XLA_FFI_H
#define GELU_FAST_XLA_FFI_H

/* An XLA_FFI_Handler for all of functions.def on the CPU. The call's attribute "function" is a name of functions.def; its operands have one
 * dtype and as many dimensions as its results, each of the results' size or 1. */
void *gelu_fast_xla_ffi_handler(void);

#endif
