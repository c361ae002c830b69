"""The parts that pages are put together from; docs/design-language.md says when to use which."""

from linyin.platform.parts.badges import Badge, badge_looks
from linyin.platform.parts.bars import stacked_bars
from linyin.platform.parts.base import Part, icon
from linyin.platform.parts.cells import Button, Link, Nothing, Number, digest
from linyin.platform.parts.charts import Chart
from linyin.platform.parts.figures import Change, Figure, Figures
from linyin.platform.parts.notices import Empty, Finding, Notice
from linyin.platform.parts.tables import Column, Filter, Filters, Pager, Row, Table
from linyin.platform.parts.ways import Chip, Hit, Hits, Step, Steps, StepState, Tab, Tabs
from linyin.platform.parts.work import Event, FileDrop, Progress, Timeline

__all__ = [
    "Badge",
    "Button",
    "Change",
    "Chart",
    "Chip",
    "Column",
    "Empty",
    "Event",
    "Figure",
    "Figures",
    "FileDrop",
    "Filter",
    "Filters",
    "Finding",
    "Hit",
    "Hits",
    "Link",
    "Nothing",
    "Notice",
    "Number",
    "Pager",
    "Part",
    "Progress",
    "Row",
    "Step",
    "StepState",
    "Steps",
    "Tab",
    "Table",
    "Tabs",
    "Timeline",
    "badge_looks",
    "digest",
    "icon",
    "stacked_bars",
]
