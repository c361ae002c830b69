"""Tables of how sure the figures are: uncertainty, data quality, estimates, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from linyin.inventory.report.figures import gaps_found, lines_of
from linyin.inventory.report.model import FindingLine
from linyin.inventory.report.tables import Column, Context, Row, Status, Table, Tone

__all__ = ["estimates_table", "findings_table", "quality_table", "uncertainty_table"]

_GRAVITY = {"error": 0, "warning": 1, "question": 2}
_TONES: dict[str, Tone] = {"error": "error", "warning": "warning", "question": "question"}


def uncertainty_table(context: Context) -> Table:
    """95 % intervals by approach 1 and, where drawn, approach 2."""
    texts = context.texts
    rows = [
        Row(
            (
                _subject(context, item.subject),
                item.co2e_mg,
                item.approach1_pct,
                item.approach2_low_pct,
                item.approach2_high_pct,
                " ".join(texts.pick(warning) for warning in item.warnings),
            )
        )
        for item in context.model.uncertainty
    ]
    drawn = next((item for item in context.model.uncertainty if item.draws), None)
    note = texts("note.uncertainty")
    if drawn:
        note += " " + texts("note.draws", draws=f"{drawn.draws:,}", seed=str(drawn.seed))
    columns = (
        Column(texts("col.subject"), weight=1.2),
        Column(texts("col.co2e"), "mass"),
        Column(texts("col.approach1"), "percent"),
        Column(texts("col.approach2_low"), "percent"),
        Column(texts("col.approach2_high"), "percent"),
        Column(texts("col.warning"), weight=1),
    )
    return Table(texts("table.uncertainty"), columns, rows, note, texts("empty.uncertainty"))


def _subject(context: Context, subject: str) -> str:
    if subject == "total":
        return context.texts("total")
    if subject.startswith("scope"):
        return context.texts(f"scope_short.{subject[5:]}")
    return f"{subject}  {context.line(subject)}"


def quality_table(context: Context) -> Table:
    """Return data quality and share estimated of every line."""
    texts = context.texts
    rows = [
        Row(
            (
                f"{line.line}  {context.line(line.line)}",
                line.co2e_mg,
                line.quality,
                line.estimated_share,
            )
        )
        for line in lines_of(context.model, context.method)
    ]
    columns = (
        Column(texts("col.line"), weight=1),
        Column(texts("col.co2e"), "mass"),
        Column(texts("col.quality"), "score"),
        Column(texts("col.estimated"), "share"),
    )
    return Table(texts("table.quality"), columns, rows, texts("note.quality"))


def estimates_table(context: Context) -> Table:
    """Rows that stand for missing data, by the method that filled them."""
    texts = context.texts
    rows = [
        Row(
            (
                item.site,
                f"{item.line}  {context.line(item.line)}",
                texts.known("estimate", item.method),
                texts.known("status", item.status),
                item.rows,
                item.co2e_mg,
                texts.pick(item.note),
            )
        )
        for item in context.model.estimates
    ]
    columns = (
        Column(texts("col.site"), weight=0.6),
        Column(texts("col.line"), weight=1),
        Column(texts("col.estimate_method"), weight=0.8),
        Column(texts("col.status")),
        Column(texts("col.rows"), "number"),
        Column(texts("col.co2e"), "mass"),
        Column(texts("col.note"), weight=0.8),
    )
    gaps = gaps_found(context.model)
    note = texts("note.gaps", count=gaps) if gaps else ""
    empty = texts("empty.estimates")
    if note:
        empty = texts("sentences", first=empty, then=note)
    return Table(texts("table.estimates"), columns, rows, note, empty)


def findings_table(context: Context, *, most: int | None = None) -> Table:
    """Return findings of the checks, the gravest first.

    With `most`, each kind shows that many and the count of the others, as fits on paper.
    """
    texts = context.texts
    ordered = sorted(context.model.findings, key=lambda f: _GRAVITY.get(f.severity, 3))
    hidden = Counter[str]()
    if most is not None:
        ordered, hidden = _first_of_each_kind(ordered, most)
    rows = [
        Row(
            (
                Status(texts.known("severity", item.severity), _TONES[item.severity]),
                texts.pick(item.text),
                item.code,
            )
        )
        for item in ordered
    ]
    rows += [Row(("", texts("more_findings", count=count), code)) for code, count in hidden.items()]
    columns = (
        Column(texts("col.severity")),
        Column(texts("col.finding"), weight=4),
        Column(texts("col.code"), weight=1),
    )
    return Table(texts("table.findings"), columns, rows, "", texts("empty.findings"))


def _first_of_each_kind(
    findings: Sequence[FindingLine], most: int
) -> tuple[list[FindingLine], Counter[str]]:
    """Return the first `most` findings of each code, and how many each code has beyond."""
    seen, hidden = Counter[str](), Counter[str]()
    kept = []
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= most:
            kept.append(finding)
        else:
            hidden[finding.code] += 1
    return kept, hidden
