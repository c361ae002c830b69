"""What a workspace holds, and taking back what was done to it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

# When somebody was last seen is no trace of what they tried.
TOUCHED = {"sessions.Session": (), "platform.ApiToken": ("last_used",)}


def everything_stored():
    """Return what every table holds, and the files that are kept, with when they were written."""
    from django.apps import apps
    from django.conf import settings

    tables = {
        m._meta.label: sorted(
            repr(tuple(v for n, v in row.items() if n not in TOUCHED.get(m._meta.label, ())))
            for row in m._default_manager.values()
        )
        for m in apps.get_models()
        if TOUCHED.get(m._meta.label, ("",))
    }
    files = (f for f in Path(settings.WORKSPACE.root).rglob("*") if f.is_file())
    return tables, sorted((str(f), f.stat().st_size, _written(f)) for f in files)


def _written(file: Path) -> int:
    """Return when a file was written; the database's own are written as they are read."""
    return 0 if "sqlite3" in file.name else file.stat().st_mtime_ns


@contextmanager
def taken_back():
    """Take back what is done in the database."""
    point = transaction.savepoint_create()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
