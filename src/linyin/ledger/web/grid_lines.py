"""Source lines from what is in the lake already: an adopted workspace has its grid at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import transaction

from linyin.ledger.monthly import Series, find_series, later_month
from linyin.ledger.names import item_name
from linyin.ledger.stated_inputs import inputs_text
from linyin.ledger.web.grid_models import SourceLine
from linyin.ledger.web.grid_rows import activities_now
from linyin.organization.web.models import Node
from linyin.platform.actions import action
from linyin.platform.audit import record_event
from linyin.platform.words import Lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["derive_lines", "two_labels"]

_GONE_AFTER: Final = 12


@action("activities.edit", writes="lake")
def derive_lines(actor: Actor) -> int:
    """Make a source line of every monthly series that has none, on the sites in reach.

    Returns
    -------
    int
        How many were made.

    """
    with activities_now() as activities:
        found = [] if activities is None else find_series(activities)
    reach = actor.nodes("activities.edit")
    latest = max((series.last for series in found), default=date.min)
    with transaction.atomic():
        known = {
            (line.site.code, name)
            for line in SourceLine.objects.select_related("site")
            for name in line.names
        }
        new = [s for s in found if s.site in reach and (s.site, s.name) not in known]
        lines = list(_lines_of(new, latest))
        SourceLine.objects.bulk_create(lines)
        record_event(
            actor, "ledger.derive_lines", subject="ledger.sourceline",
            after={"lines": [line.code for line in lines]},
        )  # fmt: skip
    return len(lines)


def two_labels(description: str) -> tuple[str, str]:
    """Return the English and the Chinese part of `生产线总表 / production lines`."""
    parts = [part.strip() for part in description.split(" / ")]
    if len(parts) != 2:
        return ("", description) if _is_chinese(description) else (description, "")
    first, second = parts
    if _is_chinese(first) and not _is_chinese(second):
        return second[:1].upper() + second[1:], first
    return first, second


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _happening(stated: Mapping[str, str], language: Lang, comma: str) -> str:
    """Return the kind of source and its item, which is left out where the kind names it."""
    kind = say(f"lines.source_type.{stated['source_type']}", language)
    item = item_name(stated["item"], language)
    return kind if item.casefold() in kind.casefold() else f"{kind}{comma}{item}"


def _lines_of(found: Iterable[Series], latest: date) -> Iterable[SourceLine]:
    nodes = {node.code: node for node in Node.objects.all()}
    codes = set(SourceLine.objects.values_list("code", flat=True))
    for series in found:
        if series.site not in nodes:
            continue
        code = _free_code(series, codes)
        codes.add(code)
        stated = series.stated
        label_en, label_zh = two_labels(stated["description"])
        if not stated["description"]:
            label_en, label_zh = _happening(stated, "en", ", "), _happening(stated, "zh", "，")
        is_gone = series.last < later_month(latest, -_GONE_AFTER)
        yield SourceLine(
            code=code,
            site=nodes[series.site],
            series="" if code == series.name else series.name,
            label_en=label_en[:200],
            label_zh=label_zh[:200],
            **{
                name: stated[name]
                for name in ("source_type", "item", "technology", "relation", "method",
                             "counterparty", "place", "unit", "status", "profile")
            },
            description=stated["description"][:254],
            inputs=inputs_text(series.inputs),
            begin=series.first,
            end=later_month(series.last) if is_gone else None,
        )  # fmt: skip


def _free_code(series: Series, taken: set[str]) -> str:
    """Return the series' own name, or one that no other line has."""
    if series.name.startswith("="):
        parts = [series.site, series.stated["source_type"], series.stated["item"],
                 series.stated["technology"]]  # fmt: skip
        base = "-".join(part for part in parts if part)[:110]
    else:
        base = series.name[:110]
    code = base if base not in taken else f"{series.site}-{base}"[:110]
    number = 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
