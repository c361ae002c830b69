"""Who decides on carbon, when, and how it is told: bodies as a picture, the inventory's year."""

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
    from linyin.governance.dates import (
        MILESTONE_KINDS,
        Planned,
        State,
        days_until,
        plan_of_year,
        state_on,
    )
    from linyin.governance.ics import CalendarEvent, icalendar
    from linyin.governance.structure import Box, Drawing, Unit, draw_across, draw_down
    from linyin.governance.timeline import Bar, Span, Timeline, draw_timeline
else:
    __getattr__, __dir__ = lazy_face(__name__)

__all__ = [
    "MILESTONE_KINDS",
    "Bar",
    "Box",
    "CalendarEvent",
    "Drawing",
    "Planned",
    "Span",
    "State",
    "Timeline",
    "Unit",
    "days_until",
    "draw_across",
    "draw_down",
    "draw_timeline",
    "icalendar",
    "plan_of_year",
    "state_on",
]
