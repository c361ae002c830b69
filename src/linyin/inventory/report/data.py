"""The report as JSON: the whole model, its totals, and the checklist.

Every mass is an object ``{"mg": 123, "t": "0.000000123"}``: whole milligrams as an integer and
the same in tonnes as an exact decimal string. Field names are those of
:mod:`linyin.inventory.report.model` without the ``_mg`` ending; names and statements are
``{"en": …, "zh": …}``. Entries are not listed: the bundle
holds them. ``format`` counts up when a field changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from linyin.inventory.report.checklist import answer
from linyin.inventory.report.figures import (
    by_iso_category,
    by_line,
    by_scope,
    estimated_share,
    gases_of,
    lines_of,
    total_mg,
)
from linyin.inventory.report.model import (
    SCOPE2_METHODS,
    Lang,
    ReportModel,
    Scope2Method,
    YearTotals,
)
from linyin.inventory.report.numbers import tonnes
from linyin.inventory.report.texts import Texts

__all__ = ["FORMAT", "as_data", "write_json"]

FORMAT = 1
_ENDING = "_mg"


def _mass(mass_mg: int | None) -> dict[str, int | str] | None:
    return None if mass_mg is None else {"mg": mass_mg, "t": tonnes(mass_mg)}


def _plain(value: object) -> Any:
    """Turn a value of the model into JSON-ready data, masses in both units."""
    if isinstance(value, YearTotals):
        rest = {"year": value.year, "restated": value.restated, "run_id": value.run_id}
        lines = {line: _mass(mg) for line, mg in value.lines.items()}
        return rest | {"lines": lines, "scope2_market": _mass(value.scope2_market_mg)}
    if is_dataclass(value):
        return dict(_field(item.name, getattr(value, item.name)) for item in fields(value))
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _field(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith(_ENDING):
        return name.removesuffix(_ENDING), _mass(value)
    return name, _plain(value)


def _totals(model: ReportModel, method: Scope2Method) -> dict[str, Any]:
    gases = gases_of(lines_of(model, method))
    return {
        "total": _mass(total_mg(model, method)),
        "by_scope": {str(k): _mass(v) for k, v in by_scope(model, method).items()},
        "by_line": {k: _mass(v) for k, v in by_line(model, method).items()},
        "by_iso_category": {str(k): _mass(v) for k, v in by_iso_category(model, method).items()},
        "by_gas": {
            gas: {"mass": _mass(mass), "co2e": _mass(co2e)} for gas, (mass, co2e) in gases.items()
        },
        "estimated_share": estimated_share(model, method),
    }


def as_data(model: ReportModel, lang: Lang) -> dict[str, Any]:
    """Return the report as JSON-ready data.

    Parameters
    ----------
    model : ReportModel
    lang : {"en", "zh"}
        Language of the texts of the checklist; everything else has both.

    Returns
    -------
    dict
        `format`, `title`, `totals` by scope-2 method (never one without), `checklist`, and the
        fields of the model.

    """
    texts = Texts(lang)
    title = f"{texts.pick(model.identity.name)} · {texts('report_title')} {model.identity.year}"
    checklist = [
        {
            "item": found.item.item,
            "standard": found.item.standard,
            "clause": found.item.clause,
            "text": texts.pick(found.item.text),
            "state": found.state,
            "where": found.item.where if found.state == "present" else None,
            "keys": list(found.item.keys),
        }
        for found in answer(model)
    ]
    head = {"format": FORMAT, "lang": lang, "title": title}
    totals = {method: _totals(model, method) for method in SCOPE2_METHODS}
    body: dict[str, Any] = _plain(replace(model, entries=()))
    del body["entries"]
    return head | {"totals": totals, "checklist": checklist} | body


def write_json(model: ReportModel, path: Path, lang: Lang) -> None:
    """Write the report as JSON in UTF-8.

    Raises
    ------
    OSError
        If the file cannot be written.

    """
    text = json.dumps(as_data(model, lang), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
