"""Who belongs to whom, where, and when: tree, ownership, periods, places."""

from linyin.organization.organization import Organization
from linyin.organization.periods import (
    FiscalCalendar,
    Period,
    PeriodError,
    parse_date,
    parse_period,
)
from linyin.organization.places import WORLD, PlaceError, place_path

__all__ = [
    "WORLD",
    "FiscalCalendar",
    "Organization",
    "Period",
    "PeriodError",
    "PlaceError",
    "parse_date",
    "parse_period",
    "place_path",
]
