"""What the inventory's pages share: the run that is asked for, names, tabs, mass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from linyin.inventory import ReportVocabulary
from linyin.inventory.web.figures import highest_of, part_seen
from linyin.inventory.web.gaps import GAPS
from linyin.inventory.web.models import RunRecord
from linyin.ledger.web.grid_overview import months_typed
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.grants import visible_to
from linyin.platform.parts import Button, Notice, Tab, Tabs
from linyin.platform.shell import Page, Scope
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = [
    "asked_method", "asked_node", "asked_run", "run_of", "run_tabs", "seen_of", "texts",
    "told_of_part", "told_of_run", "told_of_typed", "with_scope", "year_notice",
]  # fmt: skip


def texts() -> ReportVocabulary:
    """Return the words of reports in the reader's language."""
    return ReportVocabulary(lang())


def run_of(request: HttpRequest, key: str) -> RunRecord:
    """Return a run that the reader may see.

    Raises
    ------
    Http404
        If there is none, or it is out of reach.

    """
    actor = who_asks(request)
    runs = visible_to(actor, RunRecord, "inventory.view").select_related("node", "prepared_by")
    run = runs.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if run is None:
        raise Http404
    return run


def seen_of(request: HttpRequest, key: str) -> tuple[RunRecord, str]:
    """Return a run, and the node whose part of it is shown; '' = all of it.

    Whoever reaches a node below the run's own sees its part: its figures and its entries.

    Raises
    ------
    Http404
        If there is no such run, or nothing of it is in reach.

    """
    actor, asked = who_asks(request), Scope.of(request).node
    pk = int(key) if key.isdecimal() and len(key) < 18 else 0
    run = RunRecord.objects.select_related("node", "prepared_by").filter(pk=pk).first()
    if run is None:
        raise Http404
    part = part_seen(actor, run, asked)
    if part is None:
        raise Http404
    return run, part


def asked_run(request: HttpRequest) -> RunRecord | None:
    """Return the run of the page's context, None if it names none.

    Raises
    ------
    Http404
        If there is no such run in reach, or it holds nothing of the context's node.

    """
    scope = Scope.of(request)
    if not scope.run:
        return None
    page = Page.of(request)
    try:
        run = run_of(request, scope.run)
    except Http404:
        raise page.unknown(say("runs.unknown")) from None
    if scope.node and scope.node not in page.actor.tree.subtree(run.node.code):
        raise page.unknown(say("runs.elsewhere"))
    return run


def year_notice(asked: int | None, shown: int) -> Notice | None:
    """Tell that another year is shown than was asked for, since nobody has calculated that."""
    if asked is None or asked == shown:
        return None
    told = say("inventory.year.not_calculated", year=asked)
    return Notice(told, say("inventory.year.shown", year=shown))


def told_of_run(run: RunRecord, first: Notice | None = None, is_part: bool = False) -> list[Notice]:
    """Return what there is to know beside the figures of a run: months that they lack.

    What a whole run lacks is not told beside figures of a part of it.
    """
    told = [first] if first is not None else []
    gaps = run.findings.filter(code__in=GAPS, state="open")
    lacking = 0 if is_part else gaps.count()
    if lacking:
        words = say("home.not_whole", year=run.year, count=lacking)
        asked = urlencode({"run": run.pk, "state": "open", "code": GAPS}, doseq=True)
        href = f"{reverse('run-findings-list')}?{asked}"
        button = Button(say("home.not_whole.which"), href, tone="quiet")
        told.append(Notice(words, tone="warning", button=button))
    return told


def told_of_part(run: RunRecord, *, is_part: bool) -> Notice | None:
    """Tell that figures are a part of a run above."""
    return Notice(say("inventory.part_of", run=run.node.name(lang()))) if is_part else None


def told_of_typed(sites: Collection[str], years: Iterable[int]) -> Iterator[Notice]:
    """Tell of months that somebody has typed and not submitted: no run counts them."""
    if typed := months_typed(sites, years):
        yield Notice(say("run.typed", count=typed), say("run.typed.help"), "warning")


def asked_method(request: HttpRequest) -> Any:
    """Return the scope-2 method that the address asks for; by location unless it says market."""
    return "market" if request.GET.get("method") == "market" else "location"


def asked_node(request: HttpRequest, actor: Actor) -> Node | None:
    """Return the node of the page's context, else the highest one that the reader reaches."""
    codes = actor.nodes("inventory.view")
    if (run := asked_run(request)) is not None and not Scope.of(request).node:
        return run.node
    stated = Scope.of(request).node
    if stated in codes:
        return Node.objects.get(code=stated)
    highest = highest_of(actor, codes)
    return Node.objects.get(code=highest) if highest else None


def with_scope(request: HttpRequest, url: str, **more: str) -> str:
    """Return an address with the page's context, or with what is said otherwise."""
    fields = dict(Scope.of(request).fields) | {k: v for k, v in more.items() if v}
    return f"{url}?{urlencode(fields)}" if fields else url


def run_tabs(request: HttpRequest, run: RunRecord, opened: str, *, is_whole: bool = True) -> Tabs:
    """Return the views of a run, or those that a part of it has."""
    open_findings = run.findings.filter(state="open").count()
    entries = f"{run.entries:,}" if is_whole else ""
    counts = {"findings": str(open_findings or ""), "entries": entries}
    names = (
        (
            "record",
            "findings",
            "entries",
            "factors",
            "compare",
            "base-year",
            "approvals",
            "report",
        )
        if is_whole
        else ("record", "entries")
    )
    return Tabs(
        [
            Tab(
                say(f"run.tab.{name}"),
                with_scope(request, reverse(f"runs-{name}", args=[run.pk])),
                name == opened,
                counts.get(name, ""),
            )
            for name in names
        ]
    )
