"""Data and code of one age: what is brought up to date, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linyin.lake import BadInput, FileLease, Finding
from linyin.platform.lake import workspace_lake

__all__ = ["is_current", "require_current", "require_no_newer", "require_sound", "upgrade"]

_WAIT_SECONDS: Final = 60.0


def upgrade(progress: Callable[[str], None] = lambda _: None) -> list[str]:
    """Bring the workspace's data to the age of the code, and return the migrations applied.

    Raises
    ------
    BadInput
        If the data are newer than the code, or the settings do not hold together.

    """
    with FileLease(settings.WORKSPACE.root / "upgrade.lock", "upgrade").acquire(_WAIT_SECONDS):
        progress("check")
        require_sound()
        require_no_newer()
        progress("migrate")
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        progress("lake")
        workspace_lake().sweep()
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def require_sound() -> None:
    """Refuse settings that Django's checks call errors."""
    errors = [e for e in checks.run_checks() if e.level >= checks.ERROR]
    if errors:
        problem = " ".join(f"{error.msg} {error.hint or ''}".strip() for error in errors)
        raise BadInput([Finding("setup-refused", "error", fields={"problem": problem})])


def require_current() -> None:
    """Refuse data that are newer or older than the code.

    Raises
    ------
    BadInput
        With what to do.

    """
    require_no_newer()
    if not is_current():
        raise BadInput([Finding("data-older", "error")])


def is_current() -> bool:
    """Whether the database has every migration of the code."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def require_no_newer() -> None:
    """Refuse data that have a migration which the code does not know."""
    loader = MigrationExecutor(connection).loader
    known = set(loader.disk_migrations)
    known.update(old for migration in loader.disk_migrations.values() for old in migration.replaces)
    installed = {config.label for config in apps.get_app_configs()}
    newer = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in installed and (app, name) not in known
    )
    if newer:
        raise BadInput([Finding("data-newer", "error", fields={"newer": ", ".join(newer)})])
