"""Training jobs: a command that runs to its end, without anybody beside it."""
