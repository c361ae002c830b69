"""Factors in the browser: search, record, comparison, where they are used, why one wins."""
