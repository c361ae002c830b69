"""The workspace's lake: its register is in SQL, its commits are in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from linyin.lake import BatchRecord, Lake, ObjectStore, is_object_store
from linyin.platform.audit import record_event
from linyin.platform.register import OnCommit, SqlRegister

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["on_lake_commit", "workspace_lake"]

_HOOKS: list[OnCommit] = []


def on_lake_commit(hook: OnCommit) -> OnCommit:
    """Let a function be called in the transaction of every commit to the lake."""
    if hook not in _HOOKS:
        _HOOKS.append(hook)
    return hook


def workspace_lake(
    actor: Actor | None = None,
    on_commit: Callable[[BatchRecord, int], None] | None = None,
    made_for: str = "",
) -> Lake:
    """Open the workspace's lake.

    Parameters
    ----------
    actor
        Who writes, as the audit trail will name them; None = reads, or the machine writes.
    on_commit
        Called with the batch and its version in the transaction that commits it, for what must
        stand or fall with it (`JobContext.kept`). A batch whose writer was killed is committed
        by who sweeps, without this call.
    made_for
        What is written for: `LakeBatch.made_for`.

    Raises
    ------
    RuntimeError
        When a batch is begun inside a transaction: none may span a write to the lake.

    """
    if actor is None and on_commit is None and not made_for:
        return _opened(settings.WORKSPACE.lake_url)
    hooks = [*_HOOKS]
    if on_commit is not None:
        hooks.append(lambda _, batch, version: on_commit(batch, version))
    return _open(settings.WORKSPACE.lake_url, actor, hooks, made_for)


@cache
def _opened(url: str) -> Lake:
    return _open(url, None, _HOOKS)


@cache
def _store(url: str) -> ObjectStore:
    return ObjectStore(url)


def _open(url: str, actor: Actor | None, hooks: Sequence[OnCommit], made_for: str = "") -> Lake:
    path = settings.WORKSPACE.lake_folder
    store = _store(url) if is_object_store(url) else None
    return Lake(path, SqlRegister(path, actor, hooks, made_for), sweep=False, store=store)


@on_lake_commit
def tell_the_audit_trail(actor: Actor, batch: BatchRecord, version: int) -> None:
    """Append the event of a commit."""
    record_event(
        actor,
        "lake.commit",
        subject=f"lake.{batch.table}",
        key=batch.id,
        after={"version": version},
        reason=batch.reason,
    )
