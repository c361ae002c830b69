"""Samples of every part in every state that it can have, and why it cannot have the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from linyin.platform.parts import (
    Badge,
    Button,
    Change,
    Chart,
    Chip,
    Empty,
    Event,
    Figure,
    Figures,
    FileDrop,
    Filter,
    Filters,
    Hit,
    Hits,
    Link,
    Nothing,
    Notice,
    Number,
    Part,
    Progress,
    Step,
    Steps,
    Tab,
    Table,
    Tabs,
    Timeline,
)
from linyin.platform.parts import Finding as FindingPart
from linyin.platform.samples import figures, tables, ways, work
from linyin.platform.samples.text import State, long_text, two

__all__ = ["NEVER", "STATES", "states"]

type Samples = Mapping[type[Part], Mapping[State, Part]]

STATES: Final[tuple[State, ...]] = ("full", "loading", "empty", "error", "long")
_AT_ONCE: Final = "comes with its page, at once"
_NOT_THERE: Final = "is left out where there is nothing to say"
_TOLD: Final = "what goes wrong is told by a Notice beside it"
_PLAIN: Final[Mapping[State, str]] = {"loading": _AT_ONCE, "empty": _NOT_THERE, "error": _TOLD}

NEVER: Final[Mapping[type[Part], Mapping[State, str]]] = {
    Badge: _PLAIN,
    Button: {"empty": _NOT_THERE, "error": _TOLD},
    Chip: {"loading": _AT_ONCE, "error": _TOLD},
    Empty: {"loading": _AT_ONCE, "full": "is what stands where nothing is", "error": _TOLD},
    Figure: {"error": _TOLD},
    Figures: {"error": _TOLD, "empty": _NOT_THERE},
    FileDrop: {"loading": "the job of the upload shows how far it is", "empty": "is full as it is"},
    Filters: {"loading": _AT_ONCE, "error": "the list tells what a filter cannot be"},
    FindingPart: {"loading": _AT_ONCE, "empty": _NOT_THERE},
    Hits: {"loading": "the field of the search shows it", "error": _TOLD},
    Link: _PLAIN,
    Nothing: {"full": "is nothing", "loading": _AT_ONCE, "error": _TOLD, "long": "is a dash"},
    Notice: {"loading": _AT_ONCE, "empty": _NOT_THERE},
    Number: {"loading": _AT_ONCE, "empty": "is then Nothing", "error": _TOLD},
    Progress: {"empty": "a job has always a name"},
    Steps: _PLAIN,
    Tabs: _PLAIN,
    Timeline: _PLAIN,
}
"""Part → state that it never has → why."""


def states() -> Samples:
    """Return part → state → a sample; those of tables and charts have sections of their own."""
    long = long_text()
    return {
        Figure: _figure(long),
        Figures: {
            "full": figures.figures(),
            "loading": Figures([_waiting(), _waiting()]),
            "long": Figures([_figure(long)["long"], _figure(long)["long"]]),
        },
        Table: tables.tables(),
        Chart: figures.charts(),
        Filters: {
            "full": tables.filters(),
            "empty": Filters([Filter("kind", two("Kind", "类型"))], query=""),
            "long": Filters(
                [Filter("source", long, "x", [("x", long)])], query=long, chosen=[(long, "#states")]
            ),
        },
        Timeline: {
            "full": work.timeline(),
            "long": Timeline(
                [Event(datetime(2025, 3, 14, 9, 12, tzinfo=UTC), long, long, long,
                       [(long, long, long)])]
            ),
        },
        Progress: {
            "full": work.jobs()[0],
            "loading": work.jobs()[1],
            "error": work.jobs()[3],
            "long": Progress(long, "running", long, 1_204, 12_408, cancel_url="#states"),
        },
        FindingPart: {
            "full": work.findings()[1],
            "error": work.findings()[0],
            "long": FindingPart("warning", long, long, long, "#states", code="long"),
        },
        Notice: {
            "full": work.notices()[0],
            "error": work.notices()[3],
            "long": Notice(long, long, "warning", Button(long, "#states")),
        },
        Empty: {"empty": tables.empty(), "long": Empty(long, long, button=Button(long, "#states"))},
        Hits: {
            "full": ways.hits()[0],
            "empty": ways.hits()[1],
            "long": Hits(long, [(long, [Hit(long, "#states", long)])]),
        },
        FileDrop: {
            "full": work.files()[0],
            "error": work.files()[1],
            "long": FileDrop("long", long, long, error=long),
        },
        Steps: {
            "full": ways.steps(),
            "long": Steps([Step(long, "done", "#states"), Step(long, "now"), Step(long)]),
        },
        Tabs: {
            "full": ways.tabs(),
            "long": Tabs([Tab(long, "#states", is_open=True), Tab(long, "#states", count="9")]),
        },
        Chip: {
            "full": ways.chips()[0],
            "empty": ways.chips()[2],
            "long": Chip("node", long, [(long, "#states", True, 2)]),
        },
        Button: {
            "full": tables.buttons()[1],
            "loading": tables.buttons()[4],
            "long": Button(long, "#states", "check"),
        },
        Link: {"full": Link("INV-2025-0312.pdf", "#states"), "long": Link(long, "#states", long)},
        Badge: {"full": Badge("state", "locked"), "long": Badge("state", "draft", long)},
        Number: {
            "full": Number(1204.5, "kWh"), "long": Number(123_456_789_012.345, "kg CO₂e", 3),
        },
        Nothing: {"empty": Nothing()},
    }  # fmt: skip


def _figure(long: str) -> Mapping[State, Figure]:
    return {
        "full": figures.figures().figures[0],
        "loading": _waiting(),
        "empty": Figure(
            two("Not known yet", "尚无数值"), "", "kt CO₂e", "2024", "preview",
            note=two("Calculate a run to see it.", "完成核算后显示。"),
        ),
        "long": Figure(
            long, "12,345,678.9", "t CO₂e", "2024", "published", [Change("−4.2 %", long, "down")],
            note=long,
        ),
    }  # fmt: skip


def _waiting() -> Figure:
    return Figure(two("Loading", "加载中"), "", "kt CO₂e", "2024", "draft", is_loading=True)
