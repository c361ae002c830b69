"""What the page /design shows: parts with invented content, in the reader's language."""

from __future__ import annotations

from typing import Any

from linyin.platform.samples import figures, tables, ways, work
from linyin.platform.samples.text import long_text, two

__all__ = ["everything"]


def everything() -> dict[str, Any]:
    """Return all samples by the names that the page knows."""
    return {
        "tokens": figures.TOKENS,
        "figures": figures.figures(),
        "figure_states": figures.figure_states(),
        "badges": figures.badges(),
        "tables": tables.tables(),
        "filters": tables.filters(),
        "form": work.form(),
        "notices": work.notices(),
        "findings": work.findings(),
        "timeline": work.timeline(),
        "jobs": work.jobs(),
        "charts": figures.charts(),
        "empty": tables.empty(),
        "files": work.files(),
        "steps": ways.steps(),
        "design_tabs": ways.tabs(),
        "design_chips": ways.chips(),
        "hits": ways.hits(),
        "buttons": tables.buttons(),
        "design_people": ways.people(),
        "crumbs": [(two("Inventory", "碳核查"), "#figures"), (two("Runs", "核算批次"), "#tables")],
        "long": long_text(),
    }
