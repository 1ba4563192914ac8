"""Measures GPUs, by each maker's own ways."""
