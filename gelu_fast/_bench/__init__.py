"""The benchmark: gelu_fast beside its peers, their speed and their errors."""
