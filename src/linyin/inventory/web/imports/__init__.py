"""Bringing files of activities into the lake: upload, map, look, commit, undo."""
