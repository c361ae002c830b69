"""What a change of a record would do beyond it, shown before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from linyin.platform.parts import Notice, Table
from linyin.platform.sight import SightChange, changes_of_sight, sight_digest, sight_table
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.models.record import Record
    from linyin.platform.resources.resource import Resource

__all__ = ["Preview", "look_before", "sight_by"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown, and the digest by which the form says that it was seen."""

    notice: Notice
    table: Table | None
    digest: str


def sight_by(
    resource: Resource, record: Record, *, is_removed: bool = False
) -> list[SightChange] | None:
    """Return who gains and loses sight once a record is kept or removed.

    None where records of the resource do not decide that. What is tried is taken back.
    """
    if resource.sight_day is None:
        return None
    changing = copy(record)
    act = changing.delete if is_removed else changing.save
    return changes_of_sight(act, resource.sight_day(record))


def look_before(
    request: HttpRequest, changes: Sequence[SightChange], *, always: bool = False
) -> Preview | None:
    """Return what the reader must see first; None once these very changes were seen.

    Parameters
    ----------
    request
        A form that is sent; its field `seen` is the digest of what was shown with it.
    changes
        Who gains and loses sight.
    always
        Also where nobody does.

    """
    digest = sight_digest(changes)
    if request.POST.get("seen") == digest or not (changes or always):
        return None
    if not changes:
        return Preview(Notice(say("sight.nobody")), None, digest)
    notice = Notice(say("sight.look"), say("sight.look.text"), "warning")
    return Preview(notice, sight_table(changes), digest)
