"""Notebook servers: what people own and name, and the runs the kernel looks after."""
