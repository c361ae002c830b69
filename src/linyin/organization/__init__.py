"""Who belongs to whom, where, and when: tree, ownership, periods, places."""

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
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
else:
    __getattr__, __dir__ = lazy_face(__name__)

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
