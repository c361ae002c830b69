"""Which activities stand at the places that findings name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

from linyin.ledger.web.grid_rows import activities_now
from linyin.platform.resources.lake_keys import joined

if TYPE_CHECKING:
    from linyin.lake import Where
    from linyin.platform.actor import Actor

__all__ = ["rows_at"]


def rows_at(actor: Actor, places: Iterable[Where]) -> dict[Where, str]:
    """Return the address of the current row at each place, of those that an actor reaches.

    A place without a row, or at which several rows stand (files of one name), has no address.
    """
    named = [at for at in places if at.file and at.row]
    with activities_now() as activities:
        if activities is None or not named:
            return {}
        found = activities.fetch(
            "SELECT _file, _sheet, _row, any_value(source) AS source, "
            f"any_value(external_id) AS external_id FROM ({activities.rows}) "
            "WHERE site IN (SELECT unnest($sites)) AND (_file, _sheet, _row) IN "
            "(SELECT unnest($files), unnest($sheets), unnest($rows)) "
            "GROUP BY _file, _sheet, _row HAVING count(*) = 1",
            sites=sorted(actor.nodes("activities.view")),
            files=[at.file for at in named],
            sheets=[at.sheet for at in named],
            rows=[at.row for at in named],
        )
    keys = {
        (row["_file"], row["_sheet"], row["_row"]): joined((row["source"], row["external_id"]))
        for row in found
    }
    return {
        at: reverse("activities-record", args=[keys[at.file, at.sheet, at.row]])
        for at in named
        if (at.file, at.sheet, at.row) in keys
    }
