"""The kernel: one lifecycle for everything that runs."""
