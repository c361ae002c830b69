"""Rows of activities in bulk: a Parquet file or an Arrow stream, checked whole, posted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa
from django.conf import settings
from django.db import transaction

from linyin.inventory.web.events import ACTIVITIES_POSTED
from linyin.inventory.web.records import folder_now
from linyin.lake import (
    BadInput,
    Finding,
    Limits,
    create_revision_table,
    current_revisions,
    errors_in,
    load_schema,
    post_revisions,
    scratch_connection,
    temporary_workspace,
)
from linyin.ledger import (
    ACTIVITIES,
    PreparedActivities,
    activities_lake_schema,
    input_header,
    item_aliases,
    prepare_activities,
)
from linyin.organization.web.models import Node
from linyin.platform.actions import action, require
from linyin.platform.audit import record_event
from linyin.platform.hooks import emit
from linyin.platform.jobs import JobContext, enqueue, job
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Job
from linyin.platform.receiving import parse_file

if TYPE_CHECKING:
    from linyin.lake import Posted
    from linyin.platform.actor import Actor

__all__ = ["AT_ONCE", "Upload", "check_upload", "request_upload", "upload_activities"]

type Mode = Literal["full", "delta"]

AT_ONCE: Final = 1 << 20
"""Bytes up to which an upload is checked before it is accepted."""
EDIT: Final = "activities.edit"
LIMITS: Final = Limits(
    file_bytes=200 << 20, rows=2_000_000, cells=100_000_000, memory_bytes=2 << 30, seconds=120
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of activities, and how it is meant.

    Attributes
    ----------
    source
        Source of rows that name none.
    mode
        `full`: it is all that its sources have, so rows that it lacks are removed; `delta`: it
        adds and changes.

    """

    path: Path
    source: str
    mode: Mode
    reason: str


@action(EDIT)
def request_upload(
    actor: Actor, *, path: str, sha256: str, source: str, mode: str, reason: str
) -> Job:
    """Ask for a file of activities to be checked and posted; a job does it."""
    arguments = {"path": path, "source": source, "mode": mode, "reason": reason}
    key = f"{actor.who}-{sha256}-{mode}-{source}"
    return enqueue(actor, "inventory.upload", arguments, key=key)


@job("inventory.upload")
def upload_activities(
    context: JobContext, *, path: str, source: str, mode: Mode, reason: str
) -> dict[str, Any]:
    """Check a file of activities and post it as one batch; rows that are there are no news.

    The file goes when all is done; one that is refused stays for a day, to be begun again.
    """
    upload = Upload(Path(path), source, mode, reason)
    if context.kept("tell", default=False):
        context.step("step.post", 2, 3)
    else:
        context.step("step.read", 0, 3)
        prepared = check_upload(context.actor, upload, context.checkpoint)
        context.step("step.post", 1, 3)
        posted = context.keep("post", lambda: _posted(context.actor, upload, prepared))
        context.once("tell", lambda: _tell(context.actor, upload, prepared, posted))
    upload.path.unlink(missing_ok=True)
    done: dict[str, Any] = context.kept("post")
    return done


def check_upload(
    actor: Actor, upload: Upload, meanwhile: Callable[[], object] | None = None
) -> PreparedActivities:
    """Read and check a file in a guarded process; a site out of reach is one that is not known.

    Meanwhile something is called about once a second; what it raises ends the reading.

    Raises
    ------
    BadInput
        With everything that is wrong, row by row.

    """
    schema = load_schema("ledger", ACTIVITIES)
    if not upload.path.exists():
        raise BadInput([Finding("upload-gone", "error")])
    sheets = parse_file(upload.path, LIMITS, schema.header_keys, meanwhile, called=upload.source)
    findings: list[Finding] = []
    tables = []
    for sheet in sheets:
        table, found = schema.validate(sheet, input_header)
        findings += found
        tables.append(table)
    rows = pa.concat_tables(tables, promote_options="default")
    with temporary_workspace(Path(settings.WORKSPACE.derived)) as scratch:
        root = scratch / "records"
        root.mkdir()
        folder = folder_now(root)
        patterns = {site: folder.allocations.meters(site) for site in folder.organization.nodes}
        prepared = prepare_activities(
            rows,
            source=upload.source,
            sites=actor.nodes(EDIT),
            places=folder.reference.parents,
            calendar=folder.config.calendar,
            aliases=item_aliases(),
            meters={site: known for site, known in patterns.items() if known},
            profiles=folder.profiles,
        )
    findings += prepared.findings
    if errors_in(findings):
        raise BadInput(findings)
    _require_reach(actor, upload, prepared.table)
    return PreparedActivities(prepared.table, findings)


def _require_reach(actor: Actor, upload: Upload, rows: pa.Table) -> None:
    """Refuse an upload that would change rows of sites that the actor does not reach."""
    lake = workspace_lake(actor)
    if ACTIVITIES not in lake.tables():
        return
    reached = pa.table({"site": pa.array(sorted(actor.nodes(EDIT)), pa.string())})
    touched = (
        "c.source = $source OR c.source IN (SELECT source FROM incoming)"
        if upload.mode == "full"
        else "(c.source, c.external_id) IN (SELECT (source, external_id) FROM incoming)"
    )
    with scratch_connection() as connection:
        connection.register("incoming", rows)
        connection.register("reached", reached)
        asked = (
            f"SELECT count(*) FROM ({current_revisions(lake, ACTIVITIES)}) AS c "
            f"WHERE c.site NOT IN (SELECT site FROM reached) AND ({touched} "
            "OR c.external_id IN (SELECT supersedes FROM incoming WHERE supersedes <> ''))"
        )
        values = {"source": upload.source} if upload.mode == "full" else {}
        found = connection.execute(asked, values).fetchone()
    require(not (found and found[0]), "upload-out-of-reach")


def _posted(actor: Actor, upload: Upload, prepared: PreparedActivities) -> dict[str, Any]:
    lake = workspace_lake(actor)
    own = activities_lake_schema(()).names
    stated = [n for n in prepared.table.column_names if n not in own and not n.startswith("_")]
    create_revision_table(lake, ACTIVITIES, activities_lake_schema(stated))
    posted: Posted = post_revisions(
        lake,
        ACTIVITIES,
        upload.source,
        prepared.table,
        reason=upload.reason,
        full=upload.mode == "full",
        who=actor.who,
    )
    return {
        "rows": prepared.table.num_rows,
        "new": posted.new,
        "unchanged": posted.unchanged,
        "revised": posted.revised,
        "removed": posted.removed,
        "batch": posted.batch,
        "version": posted.version,
    }


def _tell(
    actor: Actor, upload: Upload, prepared: PreparedActivities, posted: dict[str, Any]
) -> bool:
    """Write what was posted into the audit trail, and tell webhooks of every site."""
    sites = sorted(set(prepared.table["site"].to_pylist()))
    with transaction.atomic():
        record_event(
            actor, "inventory.upload_activities", subject="activities", key=upload.source,
            after={**posted, "mode": upload.mode}, reason=upload.reason,
        )  # fmt: skip
        for node in Node.objects.filter(code__in=sites):
            told = {"source": upload.source, "version": posted["version"]}
            emit(actor, ACTIVITIES_POSTED, told, node.code)
    return True
