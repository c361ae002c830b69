"""What a change of a record would do beyond it, shown before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from linyin.platform.parts import Notice, Table
from linyin.platform.sight import SightChange, sight_digest, sight_table
from linyin.platform.words import say

__all__ = ["Preview", "look_before"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown, and the digest by which the form says that it was seen."""

    notice: Notice
    table: Table | None
    digest: str


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
