"""Linyin: the carbon ledger of an enterprise."""
