"""The commands of ``gelu-fast``, a module for each."""
