"""Tables of the boundary: entities, exclusions, the screening of indirect emissions."""

from __future__ import annotations

from linyin.inventory.report.figures import by_line, gaps_found, undecided
from linyin.inventory.report.tables import Column, Context, Row, Status, Table, Tone

__all__ = ["entities_table", "exclusions_table", "scope3_table", "screening_table"]

_TREATMENT_TONE: dict[str, Tone] = {
    "quantified": "good",
    "excluded": "bad",
    "not_applicable": "neutral",
    "undecided": "bad",
}


def entities_table(context: Context) -> Table:
    """Entities and sites with the three facts of consolidation and the share booked."""
    texts = context.texts
    rows = [
        Row(
            (
                texts.pick(entity.name) or entity.code,
                texts.known("kind", entity.kind),
                entity.parent,
                context.place(entity.place),
                entity.ownership,
                texts.known("control", entity.control) if entity.control else "",
                entity.operator,
                entity.share,
            )
        )
        for entity in context.model.entities
    ]
    columns = (
        Column(texts("col.name"), weight=1.6),
        Column(texts("col.kind")),
        Column(texts("col.parent"), weight=0.7),
        Column(texts("col.place")),
        Column(texts("col.ownership"), "share"),
        Column(texts("col.control"), weight=0.7),
        Column(texts("col.operator"), weight=0.7),
        Column(texts("col.booked"), "share"),
    )
    note = texts("note.entities")
    return Table(texts("table.entities"), columns, rows, note, texts("empty.entities"))


def exclusions_table(context: Context) -> Table:
    """Return what was left out, why, and how large it may be; and what is left open."""
    texts = context.texts
    note = ""
    if lines := undecided(context.model):
        note = texts("note.undecided", lines=texts("list_comma").join(lines))
    if count := gaps_found(context.model):
        gaps = texts("note.gaps", count=count)
        note = texts("sentences", first=note, then=gaps) if note else gaps
    empty = texts("empty.exclusions")
    if note:
        empty = texts("sentences", first=empty, then=note)
    rows = [
        Row((texts.pick(e.what), e.line, texts.pick(e.reason), e.co2e_mg))
        for e in context.model.exclusions
    ]
    columns = (
        Column(texts("col.excluded"), weight=1),
        Column(texts("col.line")),
        Column(texts("col.reason"), weight=1.4),
        Column(texts("col.estimated_size"), "mass"),
    )
    return Table(texts("table.exclusions"), columns, rows, note, empty)


def screening_table(context: Context) -> Table:
    """Return what was decided on every indirect line, and why."""
    texts = context.texts
    sums = by_line(context.model, context.method)
    rows = [
        Row(
            (
                f"{s.line}  {context.line(s.line)}",
                Status(texts(f"treatment.{s.treatment}"), _TREATMENT_TONE[s.treatment]),
                "–" if s.significant is None else texts("yes" if s.significant else "no"),
                sums.get(s.line),
                s.share if s.treatment == "quantified" else None,
                texts.pick(s.reason),
            )
        )
        for s in sorted(context.model.screening, key=lambda s: int(s.line.partition(".")[2]))
    ]
    columns = (
        Column(texts("col.line"), weight=1.5),
        Column(texts("col.treatment")),
        Column(texts("col.significant")),
        Column(texts("col.co2e"), "mass"),
        Column(texts("col.share"), "share"),
        Column(texts("col.reason"), weight=1),
    )
    note = texts("note.screening")
    return Table(texts("table.screening"), columns, rows, note, texts("empty.screening"))


def scope3_table(context: Context) -> Table:
    """Return data behind each scope 3 category: sources, suppliers' share, estimates, quality."""
    texts = context.texts
    rows = [
        Row(
            (
                f"{line.line}  {context.line(line.line)}",
                texts.pick(line.data_sources),
                line.supplier_share,
                line.estimated_share,
                line.quality,
                line.biogenic_co2_mg,
            )
        )
        for line in context.model.lines
        if line.line.startswith("3.")
    ]
    columns = (
        Column(texts("col.line"), weight=1),
        Column(texts("col.data_sources"), weight=1.7),
        Column(texts("col.supplier_share"), "share"),
        Column(texts("col.estimated"), "share"),
        Column(texts("col.quality"), "score"),
        Column(texts("col.biogenic"), "mass"),
    )
    note = texts("note.scope3")
    return Table(texts("table.scope3"), columns, rows, note, texts("empty.scope3"))
