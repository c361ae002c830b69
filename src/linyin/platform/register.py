"""The register of the workspace's lake in SQL: a batch is committed together with its event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max
from django.utils import timezone

from linyin.lake import BatchRecord, BatchState, LakeError, LakeWriteFailed
from linyin.platform.actor import Actor, Channel
from linyin.platform.models import LakeBatch, LakePin

if TYPE_CHECKING:
    from linyin.lake import BatchRegister

__all__ = ["OnCommit", "SqlRegister"]

type OnCommit = Callable[[Actor, BatchRecord, int], None]


class SqlRegister:
    """Batches and pins as rows. Every write is a transaction of its own, never part of another's.

    Parameters
    ----------
    path
        The lake, for messages.
    actor
        Who opens batches; None = the machine.
    on_commit
        Called in the transaction that commits a batch, with who opened it (not who sweeps), the
        batch and its version.
    made_for
        What batches are opened for.

    """

    def __init__(
        self,
        path: Path,
        actor: Actor | None,
        on_commit: Sequence[OnCommit] = (),
        made_for: str = "",
    ) -> None:
        self.path = path
        self.actor = actor or Actor(None, "job", is_operator=True)
        self.on_commit, self.made_for = on_commit, made_for

    def batches(self, table: str | None = None) -> list[BatchRecord]:
        """Return all batches in the order they were opened, those of `table` if named."""
        rows = LakeBatch.objects.all() if table is None else LakeBatch.objects.filter(table=table)
        return [_record(row) for row in rows]

    def open_batches(self, table: str) -> list[BatchRecord]:
        """Return the batches of `table` that are neither committed nor void."""
        return [_record(row) for row in LakeBatch.objects.filter(table=table, state="open")]

    def version(self, table: str) -> int:
        """Return the newest version of `table` that a committed batch made; 0 = only created."""
        committed = LakeBatch.objects.filter(table=table, state="committed")
        return committed.aggregate(last=Max("version"))["last"] or 0

    def pins(self, table: str) -> dict[int, frozenset[str]]:
        """Return the pinned versions of `table` and the runs that pin each."""
        found: dict[int, set[str]] = {}
        for version, run in LakePin.objects.filter(table=table).values_list("version", "run"):
            found.setdefault(version, set()).add(run)
        return {version: frozenset(runs) for version, runs in found.items()}

    def open(self, batch: BatchRecord) -> None:
        """Write that `batch` is open."""
        with self._writing():
            LakeBatch.objects.create(
                id=batch.id,
                table=batch.table,
                reason=batch.reason,
                who=self.actor.who,
                made_for=self.made_for,
                person=self.actor.person,
                channel=self.actor.channel,
                is_operator=self.actor.is_operator,
                base=batch.base,
                at=batch.at,
            )

    def commit(self, batch: str, version: int) -> None:
        """Write that `batch` made `version`, and what `on_commit` writes, in one transaction.

        Raises
        ------
        LakeError
            If the batch is not open.

        """
        with self._writing():
            self._end(batch, state="committed", version=version)
            row = LakeBatch.objects.select_related("person").get(pk=batch)
            opener = Actor(row.person, cast(Channel, row.channel), is_operator=row.is_operator)
            for told in self.on_commit:
                told(opener, _record(row), version)

    def void(self, batch: str, why: str) -> None:
        """Write that `batch` made nothing and never will."""
        with self._writing():
            self._end(batch, state="void", why=why)

    def _end(self, batch: str, **values: object) -> None:
        still_open = LakeBatch.objects.filter(pk=batch, state="open")
        if not still_open.update(ended_at=timezone.now(), **values):
            raise LakeError(f"batch {batch} is not open", self.path)

    def pin(self, table: str, version: int, run: str) -> None:
        """Write that `run` needs `version` of `table`."""
        with self._writing():
            LakePin.objects.get_or_create(table=table, version=version, run=run)

    def unpin(self, table: str, version: int, run: str) -> None:
        """Write that `run` no longer needs `version` of `table`."""
        with self._writing():
            LakePin.objects.filter(table=table, version=version, run=run).delete()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Give a transaction that must be the outermost: none may span a write to the lake."""
        try:
            with transaction.atomic(durable=True):
                yield
        except (OperationalError, InterfaceError) as error:
            raise LakeWriteFailed(
                f"the register could not take an event ({error})", self.path
            ) from error


def _record(row: LakeBatch) -> BatchRecord:
    return BatchRecord(
        id=row.id,
        table=row.table,
        reason=row.reason,
        who=row.who,
        base=row.base,
        at=row.at,
        state=cast(BatchState, row.state),
        version=row.version,
    )


if TYPE_CHECKING:
    _: type[BatchRegister] = SqlRegister
