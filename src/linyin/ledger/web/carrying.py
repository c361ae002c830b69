"""What a source says now, carried to the months that it posted before: rows get a revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from linyin.lake import BadInput, Finding, RevisedMeanwhile, errors_in
from linyin.ledger.monthly import in_unit, rows_of_series
from linyin.ledger.stated_inputs import inputs_text
from linyin.ledger.web.called import GRID
from linyin.ledger.web.grid_models import SiteMonth, SourceLine
from linyin.ledger.web.grid_posting import CARRIED
from linyin.ledger.web.grid_rows import activities_now
from linyin.ledger.web.row_posting import post_rows, prepare_rows, stated_of, texts_of
from linyin.platform.actions import Action, action, refused, require
from linyin.platform.audit import record_event
from linyin.platform.history import changes_of
from linyin.platform.lake import workspace_lake
from linyin.platform.parts import Notice
from linyin.platform.times import month_name
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["carry_line", "differs", "tell_before"]


@dataclass(frozen=True, slots=True)
class Carried:
    """A posted row that says something else than its source.

    Attributes
    ----------
    row
        As it stands in the lake.
    before, after
        Column → what the row says, and what the source says; only of columns that differ.

    """

    row: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def month(self) -> date:
        """First day of its month."""
        begin: date = self.row["begin"]
        return begin

    @property
    def key(self) -> tuple[str, str]:
        """Its source and external id."""
        return self.row["source"], self.row["external_id"]


@action("activities.edit", writes="lake")
def carry_line(
    actor: Actor, line: SourceLine, *, begin: date | None = None, reason: str
) -> SourceLine:
    """Let the posted months of a source say what the source says: item, method, place, unit …

    Quantities are restated in the source's unit; how they are known and their evidence stay.

    Parameters
    ----------
    actor, line
    begin
        Day from which on rows are changed; None = all.
    reason
        Why: it is kept with each revision.

    Raises
    ------
    BadInput
        If nothing differs, a month is being approved, a unit does not become the source's,
        somebody has changed a row meanwhile, or the ledger refuses what the rows would say;
        nothing is posted.
    LakeError
        If the lake cannot be written; nothing is posted.

    """
    require(reason.strip(), "row-without-reason")
    found = [one for one in _apart(line) if begin is None or one.month >= begin]
    require(found, "line-carries-nothing", line=line.code)
    _require_open(line, found)
    _require_unit(line, found)
    texts = [_texts(line, one, reason) for one in found]
    prepared = prepare_rows(texts, GRID, line.code, sites={line.site.code})
    if wrong := errors_in(prepared.findings):
        raise BadInput(_once(wrong))
    seen = {one.key: one.row["_revision"] for one in found}
    try:
        posted = post_rows(workspace_lake(actor), prepared, GRID, reason=reason, seen=seen)
    except RevisedMeanwhile as revised:
        raise refused("line-revised-meanwhile", line=line.code) from revised
    with transaction.atomic():
        record_event(
            actor, "ledger.carry_line", subject=line._meta.label_lower, key=str(line.pk),
            node=line.site.code, before=_common(found, "before"),
            after={**_common(found, "after"), "months": len(found), "batch": posted.batch or ""},
            reason=reason,
        )  # fmt: skip
    return line


def differs(line: SourceLine) -> bool:
    """Whether a posted row says something else than its source."""
    return bool(_apart(line))


def tell_before(_actor: Actor, action: Action, line: SourceLine) -> Iterator[Notice]:
    """Tell which posted rows would change, and in what."""
    if action is not carry_line:
        return
    found = _apart(line)
    if not found:
        yield Notice(say("carry.nothing"))
        return
    first, last = (month_name(one.month, lang()) for one in (found[0], found[-1]))
    changes: dict[tuple[str, str, str], int] = {}
    for one in found:
        for change in changes_of("lines", one.before, one.after):
            changes[change] = changes.get(change, 0) + 1
    told = (
        say("carry.change", column=column, before=before or "–", after=after or "–", count=count)
        for (column, before, after), count in changes.items()
    )
    title = say("carry.months", count=len(found), first=first, last=last)
    yield Notice(title, " ".join(told), tone="warning")


def _apart(line: SourceLine) -> list[Carried]:
    with activities_now() as activities:
        rows = [] if activities is None else rows_of_series(activities, line.site.code, line.names)
    return [one for row in rows if (one := _compared(line, row)).before]


def _compared(line: SourceLine, row: Mapping[str, Any]) -> Carried:
    _, named = stated_of(row)
    says = {n: row[n] or "" for n in (*CARRIED, "unit")} | {"inputs": inputs_text(_by_name(named))}
    names = [n for n in says if says[n] != _stated(line, n)]
    return Carried(row, {n: says[n] for n in names}, {n: _stated(line, n) for n in names})


def _stated(line: SourceLine, name: str) -> str:
    """Return what a source states in a column; inputs in the order of their names."""
    if name == "inputs":
        return inputs_text(_by_name(line.named_inputs))
    text: str = getattr(line, name)
    return text


def _by_name(named: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(named.items()))


def _texts(line: SourceLine, one: Carried, reason: str) -> dict[str, str]:
    columns, named = stated_of(one.row)
    quantity = columns["quantity"]
    if quantity is not None:
        quantity = in_unit(quantity, columns["unit"], line.unit)
    after = {name: text for name, text in one.after.items() if name != "inputs"}
    if "inputs" in one.after:
        named = line.named_inputs
    return texts_of({**columns, **after, "quantity": quantity, "reason": reason}, named)


def _require_open(line: SourceLine, found: Sequence[Carried]) -> None:
    """Refuse what stands in months that were submitted or approved."""
    closed = SiteMonth.objects.filter(
        site=line.site, month__in={one.month for one in found}
    ).exclude(state__in=SiteMonth.OPEN).order_by("month")  # fmt: skip
    months = [f"{record.month:%Y-%m}" for record in closed]
    if months:
        raise refused("line-months-closed", count=len(months), first=months[0], last=months[-1])


def _require_unit(line: SourceLine, found: Sequence[Carried]) -> None:
    """Refuse quantities that the source's unit can't say: they are typed anew."""
    strange = [
        one
        for one in found
        if one.row["quantity"] is not None
        and in_unit(one.row["quantity"], one.row["unit"] or "", line.unit) is None
    ]
    if strange:
        raise refused(
            "line-unit-strange", count=len(strange), unit=strange[0].row["unit"] or "",
            wanted=line.unit, first=f"{strange[0].month:%Y-%m}",
            last=f"{strange[-1].month:%Y-%m}",
        )  # fmt: skip


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Return each fault once, whatever number of months has it."""
    told = {(f.code, str(f.fields)): Finding(f.code, f.severity, fields=f.fields) for f in findings}
    return list(told.values())


def _common(found: Sequence[Carried], side: str) -> dict[str, Any]:
    """Return the columns that changed, with their values where all rows have the same."""
    values: dict[str, set[Any]] = {}
    for one in found:
        for name, value in getattr(one, side).items():
            values.setdefault(name, set()).add(value)
    return {name: one.pop() if len(one) == 1 else sorted(one) for name, one in values.items()}
