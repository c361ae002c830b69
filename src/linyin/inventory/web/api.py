"""Routes of the inventory beside those of its resources: runs opened, activities in bulk."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Schema
from pydantic import Field

from linyin.inventory import Inventory, diff_inventories, trace_entry
from linyin.inventory.web.actions import next_level, request_report, request_runs
from linyin.inventory.web.asked_runs import part_in_reach, run_in_reach
from linyin.inventory.web.baseyear import assessment_of
from linyin.inventory.web.entries import COLUMNS, FILTERS, SEARCH, entries_of, reached_in
from linyin.inventory.web.factors import api as _factors  # noqa: F401 - adds its routes
from linyin.inventory.web.figures_api import Method
from linyin.inventory.web.pages.report import KINDS, LANGUAGES
from linyin.inventory.web.reported import report_file, report_name
from linyin.inventory.web.uploads import AT_ONCE, EDIT, Upload, check_upload, request_upload
from linyin.lake import Finding
from linyin.platform.api import (
    ApiProblem,
    JobOut,
    Key,
    Mass,
    Rows,
    Text,
    action_view,
    actor_of,
    answer,
    answered,
    job_answer,
    page_answer,
    page_schema,
    query_schema,
    require_known,
    routes,
    row_schema,
    spool,
    writes,
)
from linyin.platform.findings import finding_text_in_codes
from linyin.platform.models import Approval

if TYPE_CHECKING:
    from linyin.inventory import TracedEntry

__all__ = ["ENTRIES"]

ENTRIES: Final = Rows("entries", COLUMNS, FILTERS, SEARCH)
_MEDIA: Final = {
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.apache.arrow.stream": ".arrows",
}


class RunFindingOut(Schema):
    """What a calculation or a check found in a run."""

    id: str
    code: str
    severity: Literal["error", "warning", "question"]
    state: Literal["open", "closed"]
    detail: str = Field(description="In the caller's language.")
    comment: str
    where: dict[str, Any]


class RunFindings(Schema):
    """The findings of a run, by gravity."""

    items: list[RunFindingOut]
    next: int | None = Field(description="`after` of the next page.")


class TermOut(Schema):
    """A number of the product; several together give the mass."""

    kind: str
    name: str
    value: str = Field(description="Exact, as a fraction.")
    unit: str
    source: str


class TracedOut(Schema):
    """An entry, where it comes from, and its mass worked out again."""

    id: str
    same: bool = Field(description="Whether the arithmetic gives the entry's mass again.")
    co2e_mg: Mass
    redone_mg: Mass
    line: str
    scope2_method: str
    activity: dict[str, Any]
    factor: dict[str, Any] | None
    terms: list[TermOut]


class TracePage(Schema):
    """The entries of an activity, traced."""

    items: list[TracedOut]


class Decision(Schema):
    """What somebody decided about a run at a level."""

    level: Literal["data", "entity", "office", "committee"]
    person: str
    is_granted: bool
    comment: str
    at: datetime


class Decisions(Schema):
    """Who has decided at which level, and which level is next."""

    levels: list[Literal["data", "entity", "office", "committee"]]
    next_level: Literal["data", "entity", "office", "committee"] | None
    items: list[Decision]


class ChangeOut(Schema):
    """A reason why base-year emissions would be others today."""

    cause: str
    node: str
    source_type: str
    item: str
    day: date | None
    co2e_mg: Mass
    share: float = Field(description="Its size as a share of the base year.")


class AssessmentOut(Schema):
    """How far the base year has moved since it was stated last."""

    at: datetime
    base_year: int
    stated_mg: Mass
    restated_mg: Mass
    accumulated: float
    threshold: float
    needs_restatement: bool
    restated_years: list[int]
    changes: list[ChangeOut]


class BaseYearOut(Schema):
    """What was found out about the base year from a run."""

    run: str
    assessment: AssessmentOut | None = Field(description="null until somebody asks for it.")


class FactorUse(Schema):
    """A factor that a run uses, and what rests on it."""

    factor_id: str
    co2e_mg: Mass
    factor: dict[str, Any] = Field(description="Its row: source, release, licence, evidence.")


class FactorUses(Schema):
    """The factors of a run, the heaviest first."""

    items: list[FactorUse]


class SideOut(Schema):
    """One of two runs that are compared."""

    run_id: str
    entity: str
    year: int
    approach: str
    gwp: str
    total_mg: Mass


class Comparison(Schema):
    """What moved the total from one run to another; the causes add up to the change."""

    method: str = Field(description="How the change is split: `shapley` or `lmdi`.")
    scope2_method: Method
    before: SideOut
    after: SideOut
    change_mg: Mass
    causes: dict[str, Mass]
    sources: list[dict[str, Any]] = Field(description="The 20 sources that moved most.")


routes.post(
    "/runs/request", response={202: JobOut}, tags=["runs"], operation_id="runs-request",
    summary="Calculate runs",
)(action_view(request_runs, "Ask for runs of a node; a job calculates them."))  # fmt: skip


@routes.get("/runs/{key}/findings", response=RunFindings, tags=["runs"],
            summary="What was found in a run")  # fmt: skip
def findings(
    request: HttpRequest,
    key: Key,
    state: Literal["open", "closed"] | None = None,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    size: Annotated[int, Query(ge=1, le=500)] = 100,
) -> HttpResponse:
    """Return the findings of a run."""
    rows = run_in_reach(request, key).findings.filter(pk__gt=after).order_by("pk")
    if state:
        rows = rows.filter(state=state)
    found = list(rows[: size + 1])
    items = [
        {
            "id": str(row.pk),
            "code": row.code,
            "severity": row.severity,
            "state": row.state,
            "detail": finding_text_in_codes(Finding.from_dict(row.finding)),
            "comment": row.comment,
            "where": row.finding["at"],
        }
        for row in found[:size]
    ]
    return answer({"items": items, "next": found[size - 1].pk if len(found) > size else None})


@routes.get("/runs/{key}/compare/{other}", response=Comparison, tags=["runs"],
            operation_id="runs-compare", summary="Compare with another run")  # fmt: skip
def compare(
    request: HttpRequest, key: Key, other: Key, method: Method = "location"
) -> HttpResponse:
    """Split what moved a run's total since the other run into its causes."""
    after, before = run_in_reach(request, key), run_in_reach(request, other)
    found = diff_inventories(Inventory(before.path), Inventory(after.path), scope2_method=method)
    told = found.to_dict()
    return answer(
        {
            "method": found.method,
            "scope2_method": found.scope2_method,
            "before": {**told["before"], "total_mg": str(found.before.total_mg)},
            "after": {**told["after"], "total_mg": str(found.after.total_mg)},
            "change_mg": str(found.change_mg),
            "causes": {name: str(mg) for name, mg in found.causes.items()},
            "sources": [_texts(source) for source in told["sources"]],
        }
    )


@routes.get("/runs/{key}/approvals", response=Decisions, tags=["runs"],
            operation_id="runs-approvals", summary="Who has approved a run")  # fmt: skip
def approvals(request: HttpRequest, key: Key) -> HttpResponse:
    """Tell who has decided at which level, and which level is next."""
    run = run_in_reach(request, key)
    decided = Approval.objects.filter(subject=run._meta.label_lower, key=str(run.pk))
    items = [
        {
            "level": one.level,
            "person": one.person.name,
            "is_granted": one.is_granted,
            "comment": one.comment,
            "at": one.at.isoformat(),
        }
        for one in decided.select_related("person")
    ]
    waiting = next_level(run) or None
    return answer({"levels": run.levels, "next_level": waiting, "items": items})


@routes.get("/runs/{key}/base-year", response=BaseYearOut, tags=["runs"],
            operation_id="runs-base-year", summary="How far the base year has moved")  # fmt: skip
def base_year(request: HttpRequest, key: Key) -> HttpResponse:
    """Tell what was found out about the base year from a run."""
    run = run_in_reach(request, key)
    found = assessment_of(run)
    if found is None:
        return answer({"run": str(run.pk), "assessment": None})
    changes = [
        {**{n: getattr(c, n) for n in ("cause", "node", "source_type", "item", "share")},
         "day": c.day.isoformat() if c.day else None, "co2e_mg": str(c.mg)}
        for c in found.changes
    ]  # fmt: skip
    plain = ("base_year", "accumulated", "threshold", "needs_restatement")
    assessment = {name: getattr(found, name) for name in plain} | {
        "at": run.assessment["at"],
        "stated_mg": str(found.stated_mg),
        "restated_mg": str(found.restated_mg),
        "restated_years": list(found.restated_years),
        "changes": changes,
    }
    return answer({"run": str(run.pk), "assessment": assessment})


@routes.get("/runs/{key}/factors", response=FactorUses, tags=["runs"],
            operation_id="runs-factors", summary="The factors of a run")  # fmt: skip
def factors(request: HttpRequest, key: Key) -> HttpResponse:
    """List the factors that a run uses, with their sources and what rests on each."""
    run = run_in_reach(request, key)
    rows = Inventory(run.path).query("SELECT * FROM factors").to_pylist()
    by_id = {str(row["factor_id"]): row for row in rows}
    used = sorted(run.totals["factors"].items(), key=lambda pair: -abs(int(pair[1])))
    items = [
        {"factor_id": name, "co2e_mg": str(mg), "factor": _plain(by_id.get(name, {}))}
        for name, mg in used
    ]
    return answer({"items": items})


_entry_row = row_schema(ENTRIES)


@routes.get("/runs/{key}/entries", response=page_schema(ENTRIES, _entry_row), tags=["runs"],
            summary="The entries of a run")  # fmt: skip
def entries(
    request: HttpRequest,
    key: Key,
    asked: Annotated[query_schema(ENTRIES), Query(...)],  # type: ignore[valid-type]
) -> HttpResponse:
    """Return a page of the entries of a run, or of the part of it that is in reach."""
    run, _ = part_in_reach(request, key)
    require_known(request, asked)
    actor = actor_of(request)
    nodes, base = reached_in(actor, run), f"/api/v1/runs/{run.pk}/entries"
    return page_answer(ENTRIES, entries_of(run), nodes, asked.model_dump(), base, actor.tree)


@routes.get("/runs/{key}/trace", response=TracePage, tags=["runs"], summary="Trace an entry")
def trace(
    request: HttpRequest,
    key: Key,
    entry: Annotated[
        str,
        Query(
            description="`source/external_id` of an activity, or `source/external_id@leg`.",
            max_length=500,
            pattern=r"^[^\x00]*$",
        ),
    ],
) -> HttpResponse:
    """Trace the entries of an activity to its row and its factor, with the arithmetic.

    Who reaches only a part of a run is told of the entries of that part.
    """
    run, part = part_in_reach(request, key)
    sites = actor_of(request).nodes("inventory.view") if part else None
    traced = trace_entry(Inventory(run.path), entry, sites=sites)
    return answer({"items": [_traced(one) for one in traced]})


@routes.get("/runs/{key}/report/{language}.{kind}", response={200: None}, tags=["runs"],
            summary="The report of a run",
            openapi_extra={"responses": {200: {"content": {m: {} for m in KINDS.values()}}}},
            )  # fmt: skip
def report(
    request: HttpRequest,
    key: Key,
    language: Literal[LANGUAGES],  # type: ignore[valid-type]
    kind: Literal[tuple(KINDS)],  # type: ignore[valid-type]
) -> HttpResponseBase:
    """Return a report; 404 with the code `report-missing` where it is not written yet."""
    run = run_in_reach(request, key)
    file = report_file(run, kind, language)
    if not file.exists():
        raise ApiProblem(404, "report-missing")
    name = report_name(run, kind, language)
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=KINDS[kind]
    )


@routes.post("/runs/{key}/report/{language}.{kind}", response={202: JobOut}, tags=["runs"],
             operation_id="runs-report-write", summary="Write a report of a run")  # fmt: skip
@writes
def write_report(
    request: HttpRequest,
    key: Key,
    language: Literal[LANGUAGES],  # type: ignore[valid-type]
    kind: Literal[tuple(KINDS)],  # type: ignore[valid-type]
) -> HttpResponse:
    """Let a job write a report; once it is done, `GET` returns it."""
    run = run_in_reach(request, key)
    return job_answer(request_report(actor_of(request), run, kind=kind, language=language))


@writes
def _upload(request: HttpRequest, source: str, mode: str, reason: str) -> HttpResponse:
    spooled = request.spooled  # type: ignore[attr-defined]
    done = request_upload(
        actor_of(request), path=str(spooled.path), sha256=spooled.sha256, source=source, mode=mode,
        reason=reason,
    )  # fmt: skip
    if done.arguments["path"] == str(spooled.path):
        request.spooled_is_taken = True  # type: ignore[attr-defined]
    return job_answer(done)


@routes.post(
    "/activities/bulk", response={202: JobOut}, tags=["activities"], operation_id="activities-bulk",
    summary="Activities in bulk",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {m: {"schema": {"type": "string", "format": "binary"}} for m in _MEDIA},
        }
    },
)  # fmt: skip
def upload(
    request: HttpRequest,
    source: Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[\w.-]+$")],
    mode: Literal["full", "delta"] = "delta",
    reason: Text = "",
) -> HttpResponse:
    """Check a table of activities whole and post it as one batch.

    The columns are those of the table `activities`. Up to 1 MiB it is checked before it is
    accepted, and what is wrong is in the answer, row by row; a larger one is checked by the job,
    whose `findings` say what was wrong.
    """
    if not actor_of(request).may(EDIT):
        raise ApiProblem(403, "not-permitted")
    suffix = _MEDIA.get(request.content_type or "")
    if suffix is None:
        raise ApiProblem(415, "media-type", "Content-Type", expected=", ".join(_MEDIA))
    spooled = spool(request, suffix)
    request.spooled = spooled  # type: ignore[attr-defined]
    try:
        kept = answered(request)
        if kept is not None:
            return kept
        if spooled.size <= AT_ONCE:
            check_upload(actor_of(request), Upload(spooled.path, source, mode, reason))
        done: HttpResponse = _upload(request, source=source, mode=mode, reason=reason)
    finally:
        if not getattr(request, "spooled_is_taken", False):
            spooled.path.unlink(missing_ok=True)
    return done


def _traced(one: TracedEntry) -> dict[str, Any]:
    factor = one.factor
    return {
        "id": one.id,
        "same": one.same,
        "co2e_mg": str(one.entry["co2e_mg"]),
        "redone_mg": str(one.co2e_mg),
        "line": one.entry["line"],
        "scope2_method": one.entry["scope2_method"],
        "activity": _plain(one.activity),
        "factor": _plain(factor.row) if factor is not None else None,
        "terms": [
            {
                "kind": term.kind,
                "name": term.name,
                "value": str(Fraction(term.value)),
                "unit": term.unit,
                "source": term.source,
            }
            for term in one.terms
        ],
    }


def _texts(value: Any) -> Any:
    """Return numbers of milligrams as texts, however deep they lie."""
    if isinstance(value, dict):
        return {name: _texts(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(part) for part in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _plain(row: Any) -> dict[str, Any]:
    kept = {k: v for k, v in row.items() if v not in ("", None) and not isinstance(v, bytes)}
    return {k: v if isinstance(v, str | bool) else str(v) for k, v in kept.items()}
