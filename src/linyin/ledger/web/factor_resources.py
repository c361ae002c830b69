"""An enterprise's own factors as a resource: listed, written, imported, decided."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from linyin.ledger.web.actions import (
    approve_factor,
    attach_evidence,
    reject_factor,
    revise_factor,
    submit_factor,
    withdraw_factor,
)
from linyin.ledger.web.called import (
    item_called,
    items_called,
    place_called,
    technology_called,
    unit_called,
)
from linyin.ledger.web.factor_check import check_factor
from linyin.ledger.web.factor_models import COLUMNS, OwnFactor
from linyin.platform.numbers import number
from linyin.platform.resources import Column, Filter, Resource
from linyin.platform.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from linyin.platform.resources.columns import Kind

__all__ = ["own_factors"]

_KINDS: Final[dict[str, Kind]] = {
    "use": "choice", "boundary": "choice", "basis": "choice", "price_basis": "choice",
    "published": "date", "valid_from": "date", "valid_to": "date", "name_en": "text",
    "name_zh": "text", "publisher": "text", "release": "text", "source": "text",
    "licence": "text", "note": "text",
}  # fmt: skip
_NUMBERS: Final = (
    "co2_kg", "ch4_kg", "n2o_kg", "co2_biogenic_kg", "co2e_kg", "uncertainty_pct",
)  # fmt: skip


def _plainly(text: str) -> str:
    """Return a number as pages write it; a draft's text that is none as it stands."""
    try:
        return number(Decimal(text).normalize())
    except InvalidOperation:
        return text


_SAYS: Final[dict[str, Callable[[str], str]]] = {
    "item": item_called,
    "place": place_called,
    "technology": technology_called,
    "unit": unit_called,
    "gwp_set": lambda name: say(f"own-factors.gwp_set.{name}"),
    **dict.fromkeys(_NUMBERS, _plainly),
}
_LISTED: Final = ("name_en", "name_zh", "factor_id", "use", "place", "data_year", "publisher")

_FIELDS: Final = (
    "node", "name_en", "name_zh", "factor_id", "use", "item", "unit", "boundary", "basis", "place",
    "data_year", "published", "co2_kg", "ch4_kg", "n2o_kg", "co2_biogenic_kg", "species",
    "co2e_kg", "gwp_set", "uncertainty_pct", "publisher", "release", "source", "licence",
    "technology", "supplier", "product", "valid_from", "valid_to", "currency_year", "price_basis",
    "note",
)  # fmt: skip

own_factors = Resource(
    name="own-factors",
    section="inventory",
    model=OwnFactor,
    columns=[
        *(
            Column(
                n, _KINDS.get(n, "code"), says=_SAYS.get(n), listed=n in _LISTED,
                finds=items_called if n == "item" else None,
            )
            for n in COLUMNS
        ),
        Column("state", "choice", badge="factor"),
        Column("evidence", "choice", listed=False),
        Column("evidence_sha256", "code", listed=False),
        Column("revises", "code", "revises__factor_id", listed=False),
        Column("node", "node", "node__code", listed=False),
    ],
    view="factors.view",
    edit="factors.propose",
    filters=[Filter("state"), Filter("use"), Filter("data_year"), Filter("place")],
    search=["factor_id", "item", "name_en", "name_zh", "publisher", "supplier"],
    order="item",
    title="factor_id",
    fields=_FIELDS,
    check=check_factor,
    actions=[
        submit_factor, approve_factor, reject_factor, revise_factor, withdraw_factor,
        attach_evidence,
    ],
    rank=51,
    group="factors",
)  # fmt: skip
