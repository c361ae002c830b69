"""What happened to a record, from the audit trail, in the reader's words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Model, QuerySet

from linyin.platform.actions import snapshot
from linyin.platform.audit import plain
from linyin.platform.findings import NAMERS
from linyin.platform.models import AuditEvent
from linyin.platform.numbers import MassScale
from linyin.platform.parts import Event, Timeline, digest
from linyin.platform.reasons import reason_said
from linyin.platform.times import day, moment
from linyin.platform.words import enumerated, lang, say, words

if TYPE_CHECKING:
    from django.db import models

    from linyin.platform.resources.resource import Resource

__all__ = [
    "changes_between",
    "changes_of",
    "done_of",
    "event_of",
    "field_words",
    "resource_of",
    "said",
    "subject_of",
    "timeline_of",
    "values_at",
    "who_said",
]

SHOWN: Final = 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_HIDDEN: Final = frozenset({"id", "version", "changed_at"})


def timeline_of(record: models.Model) -> Timeline | None:
    """Return the last events of a record, None if there are none."""
    events = AuditEvent.objects.filter(subject=record._meta.label_lower, key=str(record.pk))[:SHOWN]
    told = [event_of(event) for event in events]
    return Timeline(told) if told else None


def values_at(record: models.Model, version: int) -> dict[str, Any]:
    """Return the fields of a record at a version, as the event tells that changed it from there.

    Empty if no event does.
    """
    events = AuditEvent.objects.filter(subject=record._meta.label_lower, key=str(record.pk))
    first = events.filter(before__version=version).order_by("number").first()
    before = first.before if first is not None else None
    if not isinstance(before, dict):
        return {}
    return {name: value for name, value in before.items() if name not in _HIDDEN}


def changes_between(record: models.Model, seen: Any) -> list[tuple[str, str, str]]:
    """Return what differs between a record as it was seen and as it is: field, then, now."""
    now = plain(snapshot(record))
    return list(_changes(record._meta.label_lower, seen, {n: now[n] for n in seen if n in now}))


def field_words(record: models.Model, name: str, value: Any) -> tuple[str, str]:
    """Return what pages call a record's field, and a value of it as they write it."""
    resource = _resource(record._meta.label_lower)
    return _label(resource, name), _text(resource, name, value)


def event_of(event: AuditEvent) -> Event:
    """Return an event in the reader's words."""
    return Event(
        at=event.at,
        who=who_said(event.who),
        what=said(event.action),
        why=reason_said(event.reason),
        changes=list(_changes(event.subject, event.before, event.after)),
    )


def changes_of(
    subject: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[tuple[str, str, str]]:
    """Return all that became of a record's fields: field, before, after.

    A field that did not change is left out; what was made had nothing before, what was removed has
    nothing after.
    """
    before, after = before or {}, after or {}
    resource = _resource(subject)
    changed = (
        name
        for name in {**before, **after}
        if name not in _HIDDEN and before.get(name) != after.get(name)
    )
    return [
        (
            _label(resource, name),
            _text(resource, name, before.get(name)),
            _text(resource, name, after.get(name)),
        )
        for name in changed
    ]


def resource_of(subject: str) -> Resource | None:
    """Return the resource of a model or of a name; None if there is none."""
    from linyin.platform.resources.resource import RESOURCES

    for resource in RESOURCES.values():
        if resource.model is not None and resource.model._meta.label_lower == subject:
            return resource
    return RESOURCES.get(subject)


def _resource(subject: str) -> str:
    resource = resource_of(subject)
    return resource.name if resource is not None else ""


def said(action: str) -> str:
    """Return what was done: the action's own words, else those of its verb."""
    verb = action.partition(".")[2].partition("_")[0]
    for key in (f"action.{action}.past", f"verb.{verb}", f"action.{action}"):
        if key in words():
            return say(key)
    return action


def done_of(action: str) -> str:
    """Return what was done, and to what kind of record where the action tells no more."""
    resource = action.partition(".")[2].partition("_")[2]
    is_own = f"action.{action}" in words() or f"{resource}.title" not in words()
    return said(action) if is_own else f"{said(action)} · {say(f'{resource}.title')}"


def subject_of(label: str) -> str:
    """Return what the records of a model are called."""
    resource, key = _resource(label), f"audit.subject.{label}"
    if resource:
        return say(f"{resource}.title")
    return say(key) if key in words() else label


def who_said(name: str) -> str:
    """Return what somebody is called whom the audit trail names."""
    key = f"audit.who.{name}"
    return say(key) if key in words() else name.partition(" <")[0]


def _changes(subject: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    resource = _resource(subject)
    return [
        (
            _label(resource, name),
            _value(resource, name, before.get(name)),
            _value(resource, name, after.get(name)),
        )
        for name in after
        if name not in _HIDDEN
        and before.get(name) != after.get(name)
        and not isinstance(after[name], dict | list)
    ]


def _record(resource: str, name: str, key: Any) -> Any:
    """Return the record that a field leads to; None if it leads to none."""
    from linyin.platform.resources.resource import RESOURCES

    model = RESOURCES[resource].model if resource else None
    found = {f.attname: f.related_model for f in model._meta.concrete_fields} if model else {}
    target = found.get(name)
    return target._base_manager.filter(pk=key).first() if target and key else None


def _label(resource: str, name: str) -> str:
    """Return what pages call a field; its name, if no page shows it."""
    plain = name.removesuffix("_id")
    key = f"{resource}.{plain}"
    return say(key) if key in words() else plain.replace("_", " ")


def _text(resource: str, name: str, value: Any) -> str:
    """Return a value of a form as pages write it."""
    if isinstance(value, list | tuple | QuerySet):
        return enumerated(sorted(_text(resource, name, one) for one in value))
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return _value(resource, name, value if isinstance(value, Model) else plain(value))


def _value(resource: str, name: str, value: Any) -> str:
    """Return a value as pages write it: choices in words, records by name, digests as code."""
    text = "" if value is None else str(_record(resource, name, value) or value)
    key = f"{resource}.{name}.{text}"
    if key in words():
        return say(key)
    if text and (namer := NAMERS.get(name.removesuffix("s"))):
        codes = text.split(", ")
        called = [namer(name, code, lang(), {}) for code in codes]
        if called != codes:
            return enumerated(called)
    if name.endswith("_mg") and text.lstrip("-").isdigit():
        scale = MassScale.of([int(text)])
        return f"{scale.text(int(text))} {scale.unit}"
    if _TIME.fullmatch(text):
        return moment(datetime.fromisoformat(text))
    if _DAY.fullmatch(text):
        return day(date.fromisoformat(text))
    return digest(text) if _DIGEST.fullmatch(text) else text
