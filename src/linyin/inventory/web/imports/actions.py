"""What people do with an import: upload, map, commit, undo, forget."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from linyin.inventory.web.imports.checking import Checked, Received, check, in_silence, received
from linyin.inventory.web.imports.mapping import guessed, headers_key
from linyin.inventory.web.imports.wrong import kept_wrong_rows, wrong_rows_written
from linyin.inventory.web.models import ColumnMapping, Import
from linyin.lake import (
    BadInput,
    create_revision_table,
    current_revisions,
    post_revisions,
    scratch_connection,
)
from linyin.ledger import ACTIVITIES, activities_lake_schema
from linyin.platform.actions import action, refused, require
from linyin.platform.audit import plain
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Job, LakeBatch
from linyin.platform.stale import read_again, require_seen

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor

__all__ = [
    "READ_AT_ONCE",
    "check_import",
    "commit_import",
    "forget_import",
    "keep_headers",
    "keep_import",
    "map_import",
    "mend_import",
    "read_by_a_job",
    "request_check",
    "request_commit",
    "restore_source",
    "undo_import",
    "upload_import",
]


READ_AT_ONCE: Final = 1 << 20
"""Bytes up to which the headers of a file are read while it is sent; those of more by a job."""


def upload_import(
    actor: Actor,
    *,
    node: Node,
    upload: object,
    source: str = "",
    is_full: bool = False,
    read_at_once: float = float("inf"),
) -> Import:
    """Read the headers of an uploaded file, then keep it: :func:`keep_import`.

    One of more bytes than `read_at_once` is kept first, and read by a job.

    Raises
    ------
    PermissionDenied
        If the actor may not bring in anything on behalf of the node; nothing was looked at.
    BadInput
        If it is too large, of no known kind, or cannot be read at all; nothing is kept.

    """
    if not actor.may(keep_import.permission, node.code):
        raise PermissionDenied(keep_import.name)
    with received(upload, read_at_once) as file:
        record: Import = keep_import(actor, node=node, file=file, source=source, is_full=is_full)
    read_by_a_job(actor, record)
    return record


def read_by_a_job(actor: Actor, record: Import) -> None:
    """Ask for the headers of a file to be read, if they were not when it was kept."""
    from linyin.platform.jobs import enqueue

    if not record.headers:
        enqueue(
            actor, "inventory.read_import", {"record": record.pk}, key=f"read-{record.pk}",
            node=record.node.code,
        )  # fmt: skip


@action("activities.edit")
def keep_headers(
    actor: Actor,  # noqa: ARG001 - the grant is checked before
    record: Import,
    *,
    headers: Sequence[Mapping[str, Any]],
) -> Import:
    """Keep the headers that a job has read, with what they are taken for; once."""
    if record.headers:
        return record
    record.headers = list(headers)
    record.mapping, record.constants = guessed(record.node, headers)
    record.version += 1
    record.save()
    return record


@action("activities.edit")
def keep_import(
    actor: Actor, *, node: Node, file: Received, source: str = "", is_full: bool = False
) -> Import:
    """Keep a file whose headers were read; it moves into the import's own folder."""
    kept, headers = file.kept, file.headers
    mapping, constants = guessed(node, headers)
    record = Import.objects.create(
        node=node,
        person=actor.person,
        name=kept.path.name,
        sha256=kept.sha256,
        size=kept.size,
        source=source.strip() or kept.path.stem,
        is_full=is_full,
        headers=headers,
        mapping=mapping,
        constants=constants,
    )
    shutil.rmtree(record.folder, ignore_errors=True)  # of an import that was never committed
    kept.path.parent.rename(record.folder)
    return record


@action("activities.edit")
def map_import(
    actor: Actor,  # noqa: ARG001 - the grant is checked before
    record: Import,
    *,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
) -> Import:
    """Say which header is which column; it is remembered for files with the same headers."""
    require(record.state in ("uploaded", "mapped", "checked"), "import-over", name=record.name)
    require(record.headers, "import-not-read", name=record.name)
    _require_at_rest(record)
    record.mapping, record.constants = dict(mapping), {k: v for k, v in constants.items() if v}
    record.state = "mapped"
    record.version += 1
    record.save()
    ColumnMapping.objects.update_or_create(
        node=record.node,
        headers_key=headers_key(mapping),
        defaults={
            "mapping": record.mapping, "constants": record.constants, "source": record.source,
        },
    )  # fmt: skip
    return record


@action("activities.edit")
def mend_import(
    actor: Actor,  # noqa: ARG001 - the grant is checked before
    record: Import,
    *,
    rows: Sequence[Mapping[str, Any]],
) -> Import:
    """Put other texts in the place of those of wrong rows, or leave such rows out.

    The file stays as it was sent; what was mended is kept beside it, told by the audit trail, and
    checked like the rest.

    Parameters
    ----------
    rows
        Each with its `sheet` and `row`, and `cells` (header → text) or `left_out`.

    """
    require(record.state == "checked", "import-not-checked", name=record.name)
    _require_at_rest(record)
    wrong = {(row["sheet"], row["row"]): row["cells"] for row in kept_wrong_rows(record)}
    mended = {sheet: dict(of_sheet) for sheet, of_sheet in record.mended.items()}
    for row in rows:
        there = wrong.get((row["sheet"], row["row"]))
        if there is None:
            raise refused("import-row-not-wrong", row=str(row["row"]), name=record.name)
        unknown = next((header for header in row.get("cells", {}) if header not in there), "")
        require(not unknown, "import-header-unknown", value=unknown, name=record.name)
        is_said = row.get("left_out") or row.get("cells")
        require(is_said, "import-row-unmended", row=str(row["row"]), name=record.name)
        of_sheet = mended.setdefault(row["sheet"], {})
        before = of_sheet.get(str(row["row"])) or {}
        of_sheet[str(row["row"])] = (
            None if row.get("left_out") else {**before, **row.get("cells", {})}
        )
    record.mended, record.state = mended, "mapped"
    record.version += 1
    record.save()
    return record


def _require_at_rest(record: Import) -> None:
    """Refuse what would pull an import from under the job that writes it."""
    writing = Job.objects.filter(kind="inventory.import", key=_commit_key(record))
    is_written = writing.filter(state__in=("waiting", "running")).exists()
    require(not is_written, "import-in-writing", name=record.name)


def _commit_key(record: Import) -> str:
    return f"import-{record.pk}"


@action("activities.edit")
def request_check(actor: Actor, record: Import) -> Job:
    """Ask for a mapped import to be checked; a job does it."""
    from linyin.platform.jobs import enqueue

    require(record.state in ("mapped", "checked"), "import-over", name=record.name)
    return enqueue(
        actor, "inventory.check_import", {"record": record.pk},
        key=f"check-{record.pk}-{record.version}", node=record.node.code,
    )  # fmt: skip


@action("activities.edit", writes="lake")
def check_import(
    actor: Actor, record: Import, *, step: Callable[[str], None] = in_silence
) -> Import | None:
    """Check the mapped file and compare it with what is there; nothing is written to the lake.

    Of an import that somebody maps anew or forgets meanwhile nothing is kept: None.
    """
    lake, sites = workspace_lake(actor), actor.nodes("activities.edit")
    return _kept(record, check(record, lake, sites, step))


def _kept(record: Import, checked: Checked) -> Import | None:
    """Keep what a check has found, for who commits to see, if the import is what was checked."""
    version = record.version
    with (
        suppress(Http404),
        wrong_rows_written(record, checked.wrong) as put,
        transaction.atomic(),
    ):
        read_again(record)
        if record.version == version and record.state in ("mapped", "checked"):
            put()
            return _told(record, checked)
    return None


def _told(record: Import, checked: Checked) -> Import:
    record.counts = {
        **checked.counts,
        "digest": checked.digest,
        "changes": [
            {
                "act": change.act, "external_id": change.external_id, "row": plain(change.row),
                "before": plain(change.before),
            }
            for change in checked.changes
        ],
    }  # fmt: skip
    record.findings = [finding.to_dict() for finding in checked.findings[:2000]]
    record.state = "checked"
    record.save()
    return record


@action("activities.edit")
def request_commit(actor: Actor, record: Import, *, reason: str = "", seen: str = "") -> Job:
    """Ask for a checked import to be written; a job does it.

    With `seen`, the digest of the changes that were shown, no others are written.
    """
    from linyin.platform.jobs import enqueue

    require(record.state == "checked", "import-not-checked", name=record.name)
    require(not record.counts.get("errors"), "import-has-errors", name=record.name)
    shown = not seen or seen == record.counts["digest"]
    require(shown, "import-changed-meanwhile", name=record.name, source=record.source)
    record.reason = reason
    record.save()
    return enqueue(
        actor, "inventory.import", {"record": record.pk}, key=_commit_key(record),
        node=record.node.code,
    )  # fmt: skip


@action("activities.edit", writes="lake")
def commit_import(
    actor: Actor, record: Import, *, step: Callable[[str], None] = in_silence
) -> Import:
    """Write a checked import as one batch; a second time it changes nothing.

    Raises
    ------
    BadInput
        If something is wrong now, or the commit would change other things than the check has
        shown, because somebody else has changed the source; the check then shows them.

    """
    require(record.state in ("checked", "committed"), "import-not-checked", name=record.name)
    lake = workspace_lake(actor, made_for=_written_for(record))
    checked = check(record, lake, actor.nodes("activities.edit"), step)
    if not checked.is_good:
        raise BadInput(checked.findings)
    if checked.digest and checked.digest != record.counts["digest"]:
        _kept(record, checked)
        raise refused("import-changed-meanwhile", name=record.name, source=record.source)
    named = {
        name
        for name in checked.rows.column_names
        if name not in activities_lake_schema(()).names and not name.startswith("_")
    }
    step("step.post")
    create_revision_table(lake, ACTIVITIES, activities_lake_schema(named))
    posted = post_revisions(
        lake, ACTIVITIES, record.source, checked.rows, reason=_batch_reason(record),
        full=record.is_full, who=actor.who,
    )  # fmt: skip
    with transaction.atomic():
        fresh = Import.objects.select_for_update().get(pk=record.pk)
        batches = _batches(_written_for(record))
        first = batches.first()
        if posted.batch is not None:
            fresh.counts = {
                **fresh.counts, "new": posted.new, "revised": posted.revised,
                "unchanged": posted.unchanged, "removed": posted.removed,
            }  # fmt: skip
        fresh.batches = [batch.pk for batch in batches]
        fresh.lake_version = first.base if first else lake.version(ACTIVITIES)
        fresh.state = "committed"
        fresh.save()
    return fresh


def _batch_reason(record: Import) -> str:
    """Return the reason that a commit's batch carries."""
    mended = f" ({record.mended_rows} rows mended)" if record.mended_rows else ""
    reason = f": {record.reason}" if record.reason else ""
    return f"import {record.pk} {record.name}{mended}{reason}"


@action("activities.edit", takes_away=True)
def undo_import(actor: Actor, record: Import, *, reason: str) -> Job:
    """Ask for a committed import to be undone; a job does it: :func:`restore_source`."""
    from linyin.platform.jobs import enqueue

    require(record.state == "committed", "import-not-committed", name=record.name)
    return enqueue(
        actor, "inventory.undo_import", {"record": record.pk, "reason": reason},
        key=f"undo-{record.pk}", node=record.node.code,
    )  # fmt: skip


@action("activities.edit", writes="lake")
def restore_source(
    actor: Actor, record: Import, *, reason: str, step: Callable[[str], None] = in_silence
) -> Import:
    """Bring the source back to how it was before the import; what came later forbids it.

    Taken up again after a crash it finds what it has written, and writes nothing twice.
    """
    if record.state == "undone":
        return record
    require(record.state == "committed", "import-not-committed", name=record.name)
    step("step.compare")
    lake = workspace_lake(actor, made_for=_undone_for(record))
    undone = _batches(_undone_for(record))
    taken_back = Import.objects.filter(source=record.source, state="undone")
    settled = {batch.pk for batch in undone}.union(*(other.batches for other in taken_back))
    later = set(_later_batches(lake, record)) - settled
    require(not later, "import-changed-since", name=record.name, source=record.source)
    with scratch_connection() as connection:
        rows = connection.sql(
            "SELECT * EXCLUDE (_revision, _batch, _recorded_at, _removed, _content, _reason) FROM "
            f"({current_revisions(lake, ACTIVITIES, record.lake_version)}) WHERE source = $source",
            params={"source": record.source},
        ).to_arrow_table()
    step("step.undo_import")
    post_revisions(
        lake, ACTIVITIES, record.source, rows, reason=_undo_reason(record, reason), full=True,
        who=actor.who,
    )  # fmt: skip
    record.refresh_from_db()
    record.state = "undone"
    record.batches += [batch.pk for batch in undone.all() if batch.pk not in record.batches]
    record.save()
    return record


def _undo_reason(record: Import, reason: str) -> str:
    return f"undo import {record.pk} {record.name}" + (f": {reason}" if reason else "")


def _written_for(record: Import) -> str:
    """Return what a commit's batch is made for: by it a repeated commit finds the first."""
    return f"import {record.pk}"


def _undone_for(record: Import) -> str:
    return f"undo of import {record.pk}"


def _batches(made_for: str) -> QuerySet[LakeBatch]:
    """Return the committed batches that were made for something, the first first."""
    committed = LakeBatch.objects.filter(table=ACTIVITIES, state="committed")
    return committed.filter(made_for=made_for).order_by("version")


def _later_batches(lake: Any, record: Import) -> list[str]:
    """Return batches of others that touched the import's source after it."""
    with scratch_connection() as connection:
        rows = connection.sql(
            f"SELECT DISTINCT _batch FROM {lake.scan(ACTIVITIES)} WHERE source = $source "
            "AND _recorded_at >= (SELECT min(_recorded_at) FROM "
            f"{lake.scan(ACTIVITIES)} WHERE _batch = $batch)",
            params={"source": record.source, "batch": record.batches[0] if record.batches else ""},
        ).fetchall()
    return [row[0] for row in rows if row[0] not in record.batches]


@action("activities.edit", takes_away=True)
def forget_import(actor: Actor, record: Import, *, version: int) -> None:  # noqa: ARG001
    """Forget an import that was not committed, with its file, as it was seen."""
    require_seen(record, version)
    require(record.state not in ("committed", "undone"), "import-committed", name=record.name)
    _require_at_rest(record)
    folder = record.folder
    record.delete()
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
