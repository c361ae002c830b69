"""The ground floor: files read under limits, schemas, Delta tables, engines."""

from linyin.lake.engine import DuckDBEngine, Engine, SparkEngine, engine
from linyin.lake.files import read_table
from linyin.lake.findings import BadInput, Finding, Severity, Value, Where, errors, ordered
from linyin.lake.guard import read_guarded
from linyin.lake.limits import DEFAULT_LIMITS, Limits
from linyin.lake.revisions import Posted, create, current, history, post
from linyin.lake.schemas import Schema
from linyin.lake.schemas import load as load_schema
from linyin.lake.sheets import Sheet, sheet_from_arrow
from linyin.lake.store import LakeError
from linyin.lake.tables import Lake
from linyin.lake.workspaces import workspace

__all__ = [
    "DEFAULT_LIMITS",
    "BadInput",
    "DuckDBEngine",
    "Engine",
    "Finding",
    "Lake",
    "LakeError",
    "Limits",
    "Posted",
    "Schema",
    "Severity",
    "Sheet",
    "SparkEngine",
    "Value",
    "Where",
    "create",
    "current",
    "engine",
    "errors",
    "history",
    "load_schema",
    "ordered",
    "post",
    "read_guarded",
    "read_table",
    "sheet_from_arrow",
    "workspace",
]
