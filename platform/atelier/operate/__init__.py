"""What `make up` runs: embedded servers, the supervisor and the first-start set-up.

Everything here but `first_start` and the management commands works without Django.
"""
