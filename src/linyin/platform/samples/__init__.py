"""What the page /design shows: parts with invented content, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linyin.platform.parts import Chart, Part, Table
from linyin.platform.samples import figures, tables, ways, work
from linyin.platform.samples.states import STATES, states
from linyin.platform.samples.text import State, long_text, two
from linyin.platform.words import say

__all__ = ["everything"]


def everything() -> dict[str, Any]:
    """Return all samples by the names that the page knows."""
    shown = states()
    return {
        "tokens": figures.TOKENS,
        "figures": figures.figures(),
        "figure_states": figures.figure_states(),
        "badges": figures.badges(),
        "tables": _in_order(shown[Table]),
        "filters": tables.filters(),
        "form": work.form(),
        "notices": work.notices(),
        "findings": work.findings(),
        "timeline": work.timeline(),
        "jobs": work.jobs(),
        "charts": _in_order(shown[Chart]),
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
        "states": [
            (part.__name__, _in_order(samples))
            for part, samples in shown.items()
            if part not in (Table, Chart)
        ],
    }


def _in_order(samples: Mapping[State, Part]) -> list[tuple[State, str, Part]]:
    return [
        (name, say(f"design.state.{name}"), samples[name]) for name in STATES if name in samples
    ]
