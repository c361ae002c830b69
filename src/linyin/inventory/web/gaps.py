"""Findings of a run that say what is missing or not approved, and where it is entered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from linyin.inventory import GAP_CHECKS
from linyin.ledger.web.unapproved import UNAPPROVED
from linyin.ledger.web.unreported import UNREPORTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linyin.platform.actor import Actor

__all__ = ["GAPS", "where_entered"]

GAPS: Final = (*GAP_CHECKS, UNREPORTED)
"""Findings of sources without data of days that they should have."""
_ENTERED: Final = ("months-missing", "source-begins", UNREPORTED, UNAPPROVED)


def where_entered(actor: Actor, finding: Mapping[str, Any]) -> str:
    """Return where what a finding misses is entered or approved; '' of any other finding."""
    if finding["code"] not in _ENTERED:
        return ""
    fields = finding["fields"]
    site = str(fields.get("site") or fields["source"]).partition(" · ")[0]
    if site not in actor.nodes("activities.view"):
        return ""
    begin = date.fromisoformat(fields["begin"])
    asked = urlencode({"year": begin.year, "month": f"{begin:%Y-%m}"})
    return f"{reverse('grid', args=[site])}?{asked}"
