"""The rows of every table as JSON lines: written from one snapshot, read into any database.

Both go by the models as they were at the migrations of the data, not by those of the code, so
that a backup of any age can be restored and then upgraded.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

if TYPE_CHECKING:
    from django.apps.registry import Apps

__all__ = [
    "Contents",
    "Node",
    "applied",
    "contents_of",
    "models_at",
    "read_rows",
    "snapshot",
    "write_rows",
]

type Node = tuple[str, str]

_LEFT_OUT: Final = frozenset(
    {"sessions.session", "django_tasks_db.dbtaskresult", "platform.workerbeat"}
)
_AT_ONCE: Final = 500
_SNAPSHOT: Final = "snapshot"


def applied() -> list[Node]:
    """Return the migrations that the database has."""
    return sorted(MigrationExecutor(connection).loader.applied_migrations)


def models_at(migrations: Sequence[Node]) -> Apps:
    """Return the models as they are after so many migrations."""
    loader = MigrationExecutor(connection).loader
    known = [node for node in migrations if node in loader.graph.nodes]
    return loader.project_state(known).apps


@contextmanager
def snapshot(folder: Path) -> Iterator[str]:
    """Give the alias of a database that stands still while others write.

    Parameters
    ----------
    folder
        Where a copy of SQLite's file may lie meanwhile.

    """
    if connection.vendor == "sqlite":
        file = folder / "snapshot.sqlite3"
        _copy_to(file)
        with _connected(NAME=str(file), OPTIONS={}):
            yield _SNAPSHOT
        return
    with _connected(), transaction.atomic(using=_SNAPSHOT, durable=True):
        with connections[_SNAPSHOT].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT 1")  # it is the first query that makes time stand still
        yield _SNAPSHOT


def _copy_to(file: Path) -> None:
    import sqlite3

    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)


@contextmanager
def _connected(**settings: Any) -> Iterator[None]:
    """Open a second connection, so that pins can be written on the first."""
    connections.settings[_SNAPSHOT] = {**connections.settings["default"], **settings}
    try:
        yield
    finally:
        connections[_SNAPSHOT].close()
        del connections[_SNAPSHOT]
        del connections.settings[_SNAPSHOT]


def _kept(apps: Apps) -> list[type[Model]]:
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return sorted(
        (m for m in models if m._meta.label_lower not in _LEFT_OUT and not m._meta.proxy),
        key=lambda model: model._meta.label_lower,
    )


class Content:
    """What a table holds: how many rows, and a digest that does not depend on their order."""

    def __init__(self) -> None:
        self.rows, self._sum = 0, 0

    def add(self, line: str) -> None:
        """Count a row in."""
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line.encode()).digest())

    def to_dict(self) -> dict[str, int | str]:
        """Return it as the manifest has it."""
        return {"rows": self.rows, "digest": f"{self._sum % 2**256:064x}"}


type Contents = dict[str, dict[str, int | str]]


def write_rows(apps: Apps, alias: str, folder: Path) -> Contents:
    """Write `<app>.<model>.jsonl.gz` for every model, and return the content of each."""
    contents: Contents = {}
    for model in _kept(apps):
        label, content = model._meta.label_lower, Content()
        with gzip.open(
            folder / f"{label}.jsonl.gz", "wt", encoding="utf-8", compresslevel=3
        ) as out:
            for line in _lines(model, alias):
                out.write(line + "\n")
                content.add(line)
        contents[label] = content.to_dict()
    return contents


def contents_of(apps: Apps) -> Contents:
    """Return the content of every model as the database gives it back."""
    contents: Contents = {}
    for model in _kept(apps):
        content = Content()
        for line in _lines(model, "default"):
            content.add(line)
        contents[model._meta.label_lower] = content.to_dict()
    return contents


def _lines(model: type[Model], alias: str) -> Iterator[str]:
    fields = model._meta.concrete_fields
    for row in model._base_manager.using(alias).order_by("pk").iterator(_AT_ONCE):
        values = {f.attname: _text(getattr(row, f.attname)) for f in fields}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _text(value: Any) -> Any:
    """Return a value as JSON, without losing a digit."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
    return value


def read_rows(apps: Apps, folder: Path) -> None:
    """Put the rows that `write_rows` wrote into the database, in one transaction.

    What migrations have put there goes first: the backup has it too.
    """
    kept = _kept(apps)
    with transaction.atomic():
        with connection.cursor() as cursor:
            for model in reversed(kept):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        for model in kept:
            file = folder / f"{model._meta.label_lower}.jsonl.gz"
            if file.exists():
                _read(model, file)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), kept):
                cursor.execute(statement)


def _read(model: type[Model], file: Path) -> None:
    fields = {f.attname: f for f in model._meta.concrete_fields}
    for field in fields.values():
        for automatic in ("auto_now", "auto_now_add"):
            if getattr(field, automatic, False):
                setattr(field, automatic, False)
    waiting = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            stated = json.loads(line)
            values = {n: fields[n].to_python(v) for n, v in stated.items() if n in fields}
            waiting.append(model(**values))
            if len(waiting) == _AT_ONCE:
                model._base_manager.bulk_create(waiting)
                waiting = []
    model._base_manager.bulk_create(waiting)
