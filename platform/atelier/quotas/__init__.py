"""Limits, what is reserved against them, and the ledger of what was used.

Knows holders by their id only: what a holder is, is the business of the layers above.
"""
