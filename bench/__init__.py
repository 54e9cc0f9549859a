"""Benchmarks: each module measures against a peer in the same run and prints one JSON line."""
