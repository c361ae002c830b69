"""The report as a tagged PDF: data and drawn charts, laid out by Typst."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import typst

from linyin.inventory.report.checklist import answer
from linyin.inventory.report.drawings import drawings
from linyin.inventory.report.figures import total_mg
from linyin.inventory.report.glyphs import shown
from linyin.inventory.report.model import Lang, ReportModel
from linyin.inventory.report.page import period_text
from linyin.inventory.report.palette import INK, SEVERITIES, STATUS
from linyin.inventory.report.sections import sections
from linyin.inventory.report.svg import draw
from linyin.inventory.report.tables import Context

__all__ = ["document", "write_pdf"]

REGIONS = {"en": "gb", "zh": "cn"}
STANDARD: Final = "ua-1"


def document(model: ReportModel, lang: Lang) -> dict[str, Any]:
    """Return everything that the template lays out, as JSON-ready data."""
    context = Context.of(model, lang)
    texts, who = context.texts, model.identity
    charts = drawings(context)
    pictures = draw((shown(c.option), c.width, c.height) for c in charts.values())
    drawn = {key: (c, svg) for (key, c), svg in zip(charts.items(), pictures, strict=True)}
    name = texts.pick(who.name) or who.entity
    state = texts(f"state.{who.state}")
    data = {
        "lang": lang,
        "region": REGIONS[lang],
        "title": f"{name} · {texts('report_title')} {who.year}",
        "author": name,
        "draft": who.state != "published",
        "palette": {"ink": INK, "tones": SEVERITIES | STATUS},
        "words": {
            "watermark": texts(f"watermark.{'draft' if who.state == 'draft' else 'unpublished'}"),
            "header": f"{name} · {texts('report_title')} {who.year}",
            "state": state,
            "footer": who.run_id,
            "contents": texts("contents"),
            "reading": texts("reading"),
        },
        "cover": _cover(context, name, state),
        "reading": [
            [sign, texts(f"reading.{key}", **fields)] for sign, key, fields in _signs(context)
        ],
        "blocks": sections(context, drawn, list(answer(model))),
    }
    return shown(data)


def _signs(context: Context) -> list[tuple[str, str, dict[str, str]]]:
    """Signs that the report prints, each with the key and fields of its explanation."""
    smallest = context.mass(1)
    unit = {"t": "1,000 kg", "kt": "1,000 t", "Mt": "1,000,000 t"}[context.mass.unit]
    return [
        (context.unit, "unit", {"unit": unit, "gwp": context.model.identity.gwp_set}),
        (smallest, "smallest", {}),
        ("–", "dash", {}),
        (context.texts("reading.location"), "methods", {}),
        ("±", "interval", {}),
    ]


def _cover(context: Context, name: str, state: str) -> dict[str, Any]:
    texts, who, mass = context.texts, context.model.identity, context.mass
    market = mass.headline(total_mg(context.model, "market"))
    facts = [
        (texts("cover.period"), period_text(context)),
        (texts("cover.state"), state),
        (texts("cover.standard"), who.standard),
        (texts("cover.approach"), texts.known("approach", who.approach)),
        (texts("cover.gwp"), who.gwp_set),
        (texts("fact.run"), who.run_id),
    ]
    return {
        "kind": texts("report_title"),
        "name": name,
        "year": texts("cover.year", year=str(who.year)),
        "headline_label": texts("cover.total"),
        "headline": mass.headline(total_mg(context.model, "location")),
        "unit": context.unit,
        "market": texts("cover.market", value=market, unit=context.unit),
        "facts": [{"name": label, "text": text} for label, text in facts],
    }


def _timestamp(created: str) -> datetime:
    """When the run was made, so that the same run prints the same bytes."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_pdf(model: ReportModel, path: Path, lang: Lang) -> None:
    """Write the report as PDF.

    Raises
    ------
    typst.TypstError
        If the layout fails.
    OSError
        If the file cannot be written.

    """
    with as_file(files("linyin.inventory.report")) as folder:
        pdf = typst.compile(
            folder / "template" / "report.typ",
            root=folder,
            font_paths=[folder / "fonts"],
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(document(model, lang), ensure_ascii=False)},
            timestamp=_timestamp(model.identity.created),
            pdf_standards=STANDARD,
        )
    path.write_bytes(pdf)
