"""Backup while writing goes on, and restore, also into another database."""
