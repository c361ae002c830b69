"""Whole-day events as an iCalendar file that calendars of mail programs read (RFC 5545)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

__all__ = ["CalendarEvent", "icalendar"]

_OCTETS: Final = 75


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event: its lasting name, whole days (both included), what it says, when it changed."""

    uid: str
    begin: date
    last: date
    summary: str
    description: str
    changed_at: datetime
    url: str = ""


def icalendar(name: str, events: Iterable[CalendarEvent]) -> str:
    """Return a calendar as text; lines are folded and end as section 3.1 of RFC 5545 asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Linyin//Governance//EN",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _lines(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{event.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.begin:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """Escape a text (section 3.3.11); control characters have no place in one."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) != "Cc")
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Break a line into parts of at most 75 octets, never within a character."""
    part, size = "", 0
    for sign in line:
        length = len(sign.encode())
        if size + length > _OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + length
    yield part
