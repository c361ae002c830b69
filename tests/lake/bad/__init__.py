"""Makers of bad files: each writes one file that somebody might really send."""
