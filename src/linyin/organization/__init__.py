"""Who belongs to whom, where, and when: tree, ownership, periods, places."""

from linyin.organization.allocations import Allocations
from linyin.organization.metrics import Metrics
from linyin.organization.organization import Organization
from linyin.organization.periods import (
    FiscalCalendar,
    Period,
    PeriodError,
    parse_date,
    parse_period,
)
from linyin.organization.places import WORLD, PlaceError, place_path
from linyin.organization.profiles import Profiles

__all__ = [
    "WORLD",
    "Allocations",
    "FiscalCalendar",
    "Metrics",
    "Organization",
    "Period",
    "PeriodError",
    "PlaceError",
    "Profiles",
    "parse_date",
    "parse_period",
    "place_path",
]
