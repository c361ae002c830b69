"""What the runs and factors that findings name are called in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from linyin.inventory.folder import OWN_FACTORS
from linyin.inventory.web.factors.rows import name_of, place_name
from linyin.inventory.web.models import RunRecord
from linyin.ledger import pack_name, released_factors
from linyin.ledger.web.factor_models import OwnFactor
from linyin.platform.findings import NAMERS
from linyin.platform.reasons import REASONS
from linyin.platform.remembered import once
from linyin.platform.words import lang, say, words

if TYPE_CHECKING:
    from linyin.lake import Value
    from linyin.ledger import Factor

__all__ = ["factor_called", "gwp_called", "pack_called", "run_called"]


def gwp_called(code: str) -> str:
    """Return what a set of global warming potentials is called: `AR6, 100 years`."""
    key = f"own-factors.gwp_set.{code}"
    return say(key) if key in words() else code


def run_called(name: str) -> str:
    """Return what a run is called: of what node and year it is."""
    run = RunRecord.objects.filter(name=name).select_related("node").first()
    return name if run is None else str(run)


def factor_called(factor_id: str) -> str:
    """Return what a factor is called, with its place and year; one that nobody has by its id."""
    row = once(_own).get(factor_id)
    if row is None:
        factor = _released().get(factor_id)
        if factor is None:
            return factor_id
        row = factor.row
    place = place_name(row["place"])
    return say("factors.called", name=name_of(row), place=place, year=row["data_year"])


def _own() -> Mapping[str, Mapping[str, Any]]:
    rows = OwnFactor.objects.values("factor_id", "name_en", "name_zh", "place", "data_year")
    return {row["factor_id"]: row for row in rows}


@cache
def _released() -> Mapping[str, Factor]:
    return {factor.factor_id: factor for factor in released_factors().factors}


def _run(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return run_called(code)


def _factor(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return factor_called(code)


def _imported(found: re.Match[str]) -> str:
    """Return why an import wrote, or took back, as its commit says it."""
    parts = found.groupdict()
    said = say(f"reason.{parts['verb'].replace(' ', '_')}", name=parts["name"])
    if parts["rows"]:
        said = say("reason.rows_mended", reason=said, rows=parts["rows"])
    return say("reason.because", what=said, why=parts["why"]) if parts["why"] else said


REASONS[
    r"(?P<verb>undo import|import) \d+ (?P<name>[^:]+?)"
    r"(?: \((?P<rows>\d+) rows mended\))?(?:: (?P<why>.*))?"
] = _imported


def _pack(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return say("factors.pack_own") if code == OWN_FACTORS else pack_called(code)


def pack_called(pack: str) -> str:
    """Return what a pack of factors is called."""
    return pack_name(pack, lang())


NAMERS.update(run=_run, factor=_factor, pack=_pack)
