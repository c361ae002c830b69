"""Workspaces for tests: Django started once for the process, and workspaces for child processes.

The database is SQLite in a file, or the PostgreSQL that LINYIN_DATABASE_URL names
(`tools/postgres.py` starts one).
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings

from linyin.platform.bootstrap import start
from linyin.platform.workspace import Workspace

type Rows = sqlite3.Connection | dict[str, bytes]
POSTGRES = os.environ.get("LINYIN_DATABASE_URL", "")
ROOT = Path(tempfile.mkdtemp(prefix="linyin-tests-"))
atexit.register(shutil.rmtree, ROOT, ignore_errors=True)
start(None if apps.ready else ROOT / "process")  # xdist's processes inherit a started one


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """A database of this process; of SQLite a file, so that threads and processes share it."""
    name = f"test_{os.getpid()}"
    connection.settings_dict["TEST"]["NAME"] = name if POSTGRES else str(ROOT / f"{name}.sqlite3")


@pytest.fixture
def workspace(tmp_path, transactional_db):
    """A workspace of its own for one test in this process; commits are real, the database empty."""
    with _made_workspace(tmp_path / "workspace") as made:
        yield made


@pytest.fixture(scope="module")
def module_workspace(tmp_path_factory, django_db_setup, django_db_blocker):
    """A workspace that the tests of a module share, and leave as it was."""
    with (
        django_db_blocker.unblock(),
        _made_workspace(tmp_path_factory.mktemp("module") / "workspace") as made,
    ):
        yield made
        call_command("flush", verbosity=0, interactive=False)


@contextmanager
def _made_workspace(root: Path) -> Iterator[Workspace]:
    from linyin.platform import lake

    made = Workspace(root, settings.WORKSPACE.database_url, str(root / "lake"))
    made.make()
    forget = getattr(lake.workspace_lake, "cache_clear", lambda: None)
    with override_settings(WORKSPACE=made):
        forget()
        yield made
        forget()


def cookie_of(client: Any) -> str:
    """Return the cookie of the session of a client that has signed in."""
    return str(client.cookies[settings.SESSION_COOKIE_NAME].OutputString(attrs=[]))


@dataclass(frozen=True)
class OtherWorkspace:
    """A migrated workspace for processes that a test starts."""

    root: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LINYIN_")}
        kept["LINYIN_WORKSPACE"] = str(self.root)
        if self.database_url:
            kept["LINYIN_DATABASE_URL"] = self.database_url
        return kept

    def popen(self, *command, **options) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *map(str, command)],
            env=self.environment | options.pop("env", {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def run(self, *command, **options) -> subprocess.CompletedProcess[str]:
        with self.popen(*command, **options) as child:
            try:
                out, err = child.communicate(timeout=180)
            except subprocess.TimeoutExpired:
                child.kill()  # leaving the block would wait for it for ever
                raise
        return subprocess.CompletedProcess(child.args, child.returncode, out, err)

    def python(self, code: str, *arguments, **options) -> str:
        """Run code after Django has started, and return its standard output."""
        begin = "from linyin.platform.bootstrap import start; start()\n"
        done = self.run("-c", begin + code, *arguments, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, sql: str) -> list[tuple]:
        """Rows of the database as another reader sees them."""
        if not self.database_url:
            with closing(sqlite3.connect(self.root / "linyin.sqlite3", timeout=20)) as connection:
                return connection.execute(sql).fetchall()
        import psycopg

        with psycopg.connect(self.database_url) as connection:
            return connection.execute(sql).fetchall()

    def execute(self, sql: str) -> None:
        """Change the database as somebody else does."""
        if not self.database_url:
            with closing(sqlite3.connect(self.root / "linyin.sqlite3", timeout=20)) as connection:
                connection.execute(sql)
                connection.commit()
            return
        import psycopg

        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(sql)


def database(name: str = "") -> str:
    """The address of a new PostgreSQL database, a copy of one that is named; '' on SQLite."""
    if not POSTGRES:
        return ""
    import psycopg

    made = f"linyin_{uuid.uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {made}" + (f" TEMPLATE {name}" if name else ""))
    return urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{made}"))


@cache
def template_workspace() -> OtherWorkspace:
    """A migrated workspace that others are copied from."""
    made = OtherWorkspace(ROOT / "template", database())
    made.python(
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0); call_command('createcachetable')"
    )
    return made


@pytest.fixture
def other_workspace(tmp_path):
    """A migrated workspace on a database of its own, for processes that the test starts."""
    template = template_workspace()
    root = tmp_path / "other workspace 林"
    shutil.copytree(template.root, root)
    copied = database(urlsplit(template.database_url).path.lstrip("/")) if POSTGRES else ""
    return OtherWorkspace(root, copied)


_BUILT: dict[str, tuple[Path, Rows]] = {}


def built_once(name: str, workspace, build: Callable[[Path], None]) -> None:
    """Fill a workspace as `build` does, given a new folder: once, then from what it made."""
    if name in _BUILT:
        files, rows = _BUILT[name]
        put_rows(rows)
        shutil.copytree(files, workspace.root, dirs_exist_ok=True)
        return
    kept = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=workspace.root.parents[2]))
    build(kept / "folder")
    files = shutil.copytree(workspace.root, kept / "workspace")
    _BUILT[name] = files, taken_rows()


def taken_rows() -> Rows:
    """Take every row of this process's database: all of SQLite's, or tables that hold some."""
    if not POSTGRES:
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(kept)
        return kept
    taken = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - {"django_migrations"}):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                taken[table] = b"".join(rows)
    return {table: rows for table, rows in taken.items() if rows}


def put_rows(rows: Rows) -> None:
    """Put rows that were taken into this process's database, which was flushed."""
    from django.contrib.contenttypes.models import ContentType

    if isinstance(rows, sqlite3.Connection):
        connection.ensure_connection()
        rows.backup(connection.connection)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, lines in rows.items():
                cursor.execute(f'DELETE FROM "{table}"')
                with cursor.copy(f'COPY "{table}" FROM STDIN') as put:
                    put.write(lines)
            models = apps.get_models(include_auto_created=True)
            held = [model for model in models if model._meta.db_table in rows]
            for sql in connection.ops.sequence_reset_sql(no_style(), held):
                cursor.execute(sql)
    ContentType.objects.clear_cache()
