"""The ground floor: files read under limits, schemas, Delta tables, engines."""

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
    from linyin.lake.characters import visible as visible_text
    from linyin.lake.engine import DuckDBEngine, Engine, SparkEngine
    from linyin.lake.engine import engine as start_engine
    from linyin.lake.files import read_table
    from linyin.lake.findings import SEVERITIES, BadInput, Finding, Severity, Value, Where
    from linyin.lake.findings import errors as errors_in
    from linyin.lake.findings import ordered as ordered_findings
    from linyin.lake.frames import lift as lift_frame
    from linyin.lake.frames import to_arrow as frame_to_arrow
    from linyin.lake.guard import read_guarded
    from linyin.lake.limits import DEFAULT_LIMITS, Limits
    from linyin.lake.messages import LANGUAGES, Message, Named, render_where
    from linyin.lake.messages import include as include_messages
    from linyin.lake.messages import messages as load_messages
    from linyin.lake.messages import render as render_finding
    from linyin.lake.numbers import Problem as CellProblem
    from linyin.lake.numbers import read_number
    from linyin.lake.object_store import ObjectStore, is_object_store
    from linyin.lake.register import BatchRecord, BatchRegister
    from linyin.lake.register import State as BatchState
    from linyin.lake.revision_checks import repeated_keys
    from linyin.lake.revisions import Posted, RevisedMeanwhile
    from linyin.lake.revisions import create as create_revision_table
    from linyin.lake.revisions import current as current_revisions
    from linyin.lake.revisions import history as revision_history
    from linyin.lake.revisions import post as post_revisions
    from linyin.lake.revisions import remove as remove_revisions
    from linyin.lake.schemas import Column as SchemaColumn
    from linyin.lake.schemas import Schema
    from linyin.lake.schemas import load as load_schema
    from linyin.lake.scratch import scratch_connection
    from linyin.lake.sheets import Sheet, header_key, sheet_from_arrow
    from linyin.lake.store import (
        LakeBusy,
        LakeError,
        LakeReadOnly,
        LakeWriteFailed,
        UnsafeFileSystem,
        sync_file,
        sync_folder,
    )
    from linyin.lake.store import Lease as FileLease
    from linyin.lake.tables import Lake
    from linyin.lake.typesetting import filled as filled_text
    from linyin.lake.workspaces import sweep as sweep_workspaces
    from linyin.lake.workspaces import workspace as temporary_workspace
else:
    __getattr__, __dir__ = lazy_face(__name__)

__all__ = [
    "DEFAULT_LIMITS",
    "LANGUAGES",
    "SEVERITIES",
    "BadInput",
    "BatchRecord",
    "BatchRegister",
    "BatchState",
    "CellProblem",
    "DuckDBEngine",
    "Engine",
    "FileLease",
    "Finding",
    "Lake",
    "LakeBusy",
    "LakeError",
    "LakeReadOnly",
    "LakeWriteFailed",
    "Limits",
    "Message",
    "Named",
    "ObjectStore",
    "Posted",
    "RevisedMeanwhile",
    "Schema",
    "SchemaColumn",
    "Severity",
    "Sheet",
    "SparkEngine",
    "UnsafeFileSystem",
    "Value",
    "Where",
    "create_revision_table",
    "current_revisions",
    "errors_in",
    "filled_text",
    "frame_to_arrow",
    "header_key",
    "include_messages",
    "is_object_store",
    "lift_frame",
    "load_messages",
    "load_schema",
    "ordered_findings",
    "post_revisions",
    "read_guarded",
    "read_number",
    "read_table",
    "remove_revisions",
    "render_finding",
    "render_where",
    "repeated_keys",
    "revision_history",
    "scratch_connection",
    "sheet_from_arrow",
    "start_engine",
    "sweep_workspaces",
    "sync_file",
    "sync_folder",
    "temporary_workspace",
    "visible_text",
]
