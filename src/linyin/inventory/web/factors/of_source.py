"""The factor that a source's rows take, on its page and while its form is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from linyin.inventory.web.factors.explaining import ask, nearest_miss, question_of, verdict
from linyin.lake import BadInput
from linyin.ledger.web.grid_resources import lines
from linyin.ledger.web.grid_rows import year_to_enter
from linyin.platform.looking import told_in_place
from linyin.platform.parts import Button, Notice
from linyin.platform.resources.resource import RecordPart
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.ledger.web.grid_models import SourceLine
    from linyin.platform.actor import Actor

__all__ = ["factor_of_source"]


def factor_of_source(actor: Actor, line: SourceLine) -> Iterator[RecordPart]:
    """Yield which factor the source's next rows take, or that none does.

    Rows with inputs of their own turn their quantity into another before a factor is sought; of
    those the run tells.
    """
    is_stated = line.site_id and line.item and line.unit
    if not is_stated or line.inputs or not actor.may("factors.view", line.site.code):
        return
    year = year_to_enter()
    stated = {
        "item": line.item, "unit": line.unit, "year": str(year), "site": line.site.code,
        "place": line.place, "source_type": line.source_type, "technology": line.technology,
        "supplier": line.counterparty,
    }  # fmt: skip
    title = say("lines.factor", year=str(year))
    try:
        told = ask(actor, question_of(stated))
    except BadInput as bad:
        finding = bad.findings[0]
        none = Notice(told_in_place(finding), say("lines.factor.unknown"), "bad")
        yield RecordPart(title, none, button=_new(actor, line))
        return
    asked = f"{reverse('factors-explain')}?{urlencode({n: v for n, v in stated.items() if v})}"
    if told.choice.winner:
        yield RecordPart(title, verdict(told), href=asked)
        return
    why = " ".join(filter(None, [nearest_miss(told.choice), say("lines.factor.none")]))
    none = Notice(say("explain.nothing"), why, "bad")
    part = verdict(told) if told.choice.tied else none
    yield RecordPart(title, part, href=asked, button=_new(actor, line))


def _new(actor: Actor, line: SourceLine) -> Button | None:
    if not actor.may("factors.propose", line.site.code):
        return None
    stated = {"node": line.site.code, "item": line.item, "unit": line.unit, "place": line.site.code}
    return Button(
        say("own-factors.new"), f"{reverse('own-factors-create')}?{urlencode(stated)}", "plus"
    )


lines.parts = lines.foresees = factor_of_source
