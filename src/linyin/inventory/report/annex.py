"""The annexes of a report: methods, factors, instruments, checklist, provenance."""

from __future__ import annotations

from collections.abc import Sequence

from linyin.inventory.report import blocks
from linyin.inventory.report.checklist import Answer, State
from linyin.inventory.report.page import Page, section_title
from linyin.inventory.report.tables import Column, Context, Row, Stack, Status, Table, Tone
from linyin.inventory.report.topics import sources

__all__ = ["checklist", "checklist_table", "factors", "instruments", "methods", "provenance"]

_STATE_TONES: dict[State, Tone] = {
    "present": "good",
    "missing": "bad",
    "not_applicable": "neutral",
}


def methods(page: Page) -> None:
    """Methods with formula, reference and reason."""
    page.table(sources.methods_stacked(page.context))


def factors(page: Page) -> None:
    """Factors with provenance."""
    page.chart("factors")
    page.table(sources.factors_stacked(page.context))


def instruments(page: Page) -> None:
    """Energy instruments."""
    context, texts = page.context, page.context.texts
    page.table(sources.instruments_table(context))
    if context.model.instruments:
        notes = texts.pick(context.model.boundary.contractual_notes)
        page.add(blocks.facts([(texts("fact.contractual"), notes)], texts("not_stated")))


def checklist(page: Page) -> None:
    """Every mandatory item, present, missing or not applicable, and where; a table a standard."""
    page.add(blocks.paragraph(page.context.texts("note.checklist")))
    for standard in dict.fromkeys(found.item.standard for found in page.answers):
        answers = [found for found in page.answers if found.item.standard == standard]
        page.table(checklist_table(page.context, standard, answers))


def checklist_table(context: Context, caption: str, answers: Sequence[Answer]) -> Table:
    """Return the answers to items, one row each."""
    texts = context.texts
    rows = [
        Row(
            (
                found.item.clause,
                texts.pick(found.item.text),
                Status(texts(f"state.{found.state}"), _STATE_TONES[found.state]),
                _where(context, found),
            )
        )
        for found in answers
    ]
    columns = (
        Column(texts("col.clause"), weight=0.9),
        Column(texts("col.requirement"), weight=2.6),
        Column(texts("col.state")),
        Column(texts("col.where"), weight=1.2),
    )
    return Table(caption, columns, rows)


def _where(context: Context, found: Answer) -> str:
    """Section that shows an item, or what would fill it in."""
    texts, base = context.texts, context.model.base_year
    if found.state == "present":
        return section_title(context, found.item.where)
    if found.state != "missing" or not found.item.keys:
        return "–"
    years = {year.year for year in context.model.years}
    if found.item.where == "base_year" and base is not None and base.year not in years:
        return texts("where.calculate", year=base.year)
    keys = (f"linyin.toml {key}" for key in found.item.keys)
    return texts("where.keys", keys=texts("list_comma").join(keys))


def provenance(page: Page) -> None:
    """Return what the figures can be replayed from."""
    texts, who = page.context.texts, page.context.model.identity
    items = [
        (texts("fact.run"), who.run_id),
        (texts("fact.created"), who.created),
        (texts("fact.code"), who.code_version),
        (texts("fact.content"), who.content_hash),
    ]
    page.add(blocks.facts(items, texts("not_stated")))
    for caption, pairs in (("table.policies", who.policies), ("table.pins", who.pins)):
        rows = [Row((name, Stack(value))) for name, value in pairs.items()]
        columns = (Column(texts("col.name"), weight=1), Column(texts("col.value"), weight=2))
        page.table(Table(texts(caption), columns, rows, "", texts("none")))
