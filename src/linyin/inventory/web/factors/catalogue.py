"""The factors of the workspace: all released packs and the enterprise's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from linyin.inventory.folder import OWN_FACTORS
from linyin.inventory.web.models import Settings
from linyin.ledger import (
    SITE,
    Catalog,
    Factor,
    find_factors,
    item_aliases,
    load_packs,
    place_parents,
    released_factors,
)
from linyin.ledger.web.models import OwnFactor

if TYPE_CHECKING:
    from linyin.platform.tree import Tree

__all__ = ["SHOWN_GWP", "Listed", "calculated_with", "known_factors", "searched"]

SHOWN_GWP: Final = "AR6-100"


@dataclass(frozen=True, slots=True)
class Listed:
    """A factor and how it stands.

    Attributes
    ----------
    state
        Of an own factor, as :class:`OwnFactor` has it; `released` for one of a pack, or `draft`
        where its value is only remembered.
    own
        Key and version of an own factor; None = of a pack.
    is_from_above
        Whether it is kept at a node above those that the reader reaches: to read, no more.

    """

    factor: Factor
    state: str
    own: tuple[int, int] | None = None
    is_from_above: bool = False


def known_factors(nodes: Collection[str], tree: Tree) -> list[Listed]:
    """Return the own factors that a reader of some nodes sees, then those of all packs.

    Those are the nodes' own in every state, and the approved ones of the nodes above, since runs
    of the nodes use them.
    """
    if not nodes:
        return []
    may_be_seen = Q(node__code__in=nodes) | Q(state="approved")
    found = OwnFactor.objects.filter(may_be_seen).select_related("node").order_by("factor_id")
    elsewhere = {factor.node.code for factor in found} - set(nodes)
    above = elsewhere & _above(nodes, tree) if elsewhere else set()
    listed = [
        Listed(_own(f), f.state, (f.pk, f.version), f.node.code in above)
        for f in found
        if f.node.code not in elsewhere or f.node.code in above
    ]
    return [*listed, *_released()]


def _above(nodes: Collection[str], tree: Tree) -> set[str]:
    """Return the nodes that stand above some nodes on a tree."""
    return {code for node in nodes for code in tree.path_to(node)[:-1]}


def calculated_with() -> tuple[Catalog, date]:
    """Return what a run that is calculated now chooses from, and the day it pins.

    These are the approved own factors before the packs that the settings name, as the inventory's
    folder would read them.
    """
    config = Settings.now().config
    packs = config.get("factors", {}).get("packs")
    stated = config.get("inventory", {}).get("factors_as_of")
    pin = date.fromisoformat(stated) if isinstance(stated, str) else stated
    approved = OwnFactor.objects.filter(state="approved").order_by("factor_id")
    own = [_own(factor) for factor in approved]
    return Catalog([*own, *load_packs(packs, first_priority=1)]), pin or datetime.now(UTC).date()


def searched(listed: Sequence[Listed], words: Sequence[str]) -> list[Listed]:
    """Return the factors in which all words stand, the closest first."""
    own = tuple((one.factor, one.own) for one in listed if one.own is not None)
    found = _hits(tuple(words), own)
    by_id = {one.factor.factor_id: one for one in reversed(listed)}
    return [by_id[name] for name in found]


@lru_cache(maxsize=64)
def _hits(
    words: tuple[str, ...], own: tuple[tuple[Factor, tuple[int, int] | None], ...]
) -> tuple[str, ...]:
    factors = [*(factor for factor, _ in own), *released_factors().factors]
    found = find_factors(factors, words)
    return tuple(dict.fromkeys(f.factor_id for f in (*found.factors, *found.left_out)))


@lru_cache(maxsize=1)
def _released() -> tuple[Listed, ...]:
    return tuple(
        Listed(f, "released" if f.status == "approved" else "draft")
        for f in released_factors().factors
    )


def _own(factor: OwnFactor) -> Factor:
    """Read an own factor as a run does: its item by its usual name, a site's place marked."""
    row = dict(factor.row)
    row["item"] = item_aliases().get(row["item"], row["item"])
    if row["place"] not in place_parents():
        row["place"] = SITE + row["place"].removeprefix(SITE)
    return Factor.from_row(row, OWN_FACTORS, 0)
