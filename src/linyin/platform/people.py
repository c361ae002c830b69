"""What administrators do with people: activate, deactivate; grants follow from their resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linyin.platform.actions import action, require
from linyin.platform.models import Person

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["activate_person", "deactivate_person"]


@action("people.manage", takes_away=True)
def deactivate_person(actor: Actor, person: Person, *, reason: str) -> Person:  # noqa: ARG001
    """Let a person no longer sign in; what they did stays theirs."""
    require(person != actor.person, "person-self")
    person.is_active = False
    person.save()
    return person


@action("people.manage")
def activate_person(actor: Actor, person: Person, *, reason: str = "") -> Person:  # noqa: ARG001
    """Let a person sign in again."""
    person.is_active = True
    person.save()
    return person
