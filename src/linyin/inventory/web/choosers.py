"""The year and the run in the header; on the pages of a run they lead to those of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localdate

from linyin.inventory.web.figures import most_settled
from linyin.inventory.web.models import RunRecord
from linyin.platform.grants import visible_to
from linyin.platform.parts import Chip
from linyin.platform.shell import CHOOSERS
from linyin.platform.times import moment
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.shell import Page

__all__ = ["run_chip", "year_chip"]

_SHOWN = 40


def year_chip(page: Page) -> Chip | None:
    """Offer the years that were calculated, and this one to those who see what is entered."""
    runs = _runs(page)
    here = _opened(page, runs)
    if here is not None:
        alike = [run for run in runs if run.node_id == here.node_id]
        by_year = {run.year: [r for r in alike if r.year == run.year] for run in alike}
        leads = {year: most_settled(several) for year, several in by_year.items()}
        choices = [
            (str(year), _page_of(page, run), year == here.year, 0)
            for year, run in sorted(leads.items(), reverse=True)
        ]
        return Chip("year", str(here.year), choices)
    of_run = next((run.year for run in runs if str(run.pk) == page.scope.run), None)
    chosen = page.year_shown or of_run or page.scope.year
    years = {run.year for run in runs} | ({localdate().year} if page.may_enter else set())
    if not years:
        return None
    any_year = (say("shell.any_year"), page.address(year="", run=""), chosen is None, 0)
    stated = [any_year] if page.year_shown is None else []
    stated += [
        (str(year), page.address(year=str(year), run=""), year == chosen, 0)
        for year in sorted(years | ({chosen} if chosen else set()), reverse=True)
    ]
    return Chip("year", str(chosen or ""), stated)


def run_chip(page: Page) -> Chip | None:
    """Offer the runs of the page's node and year."""
    runs = _runs(page)
    if not runs:
        return None
    here = _opened(page, runs)
    if here is not None:
        alike = [run for run in runs if run.node_id == here.node_id][:_SHOWN]
        shown = [(_called(run), _page_of(page, run), run.pk == here.pk, 0) for run in alike]
        return Chip("run", _short(here), shown)
    chosen = next((run for run in runs if str(run.pk) == page.scope.run), None)
    fitting = [run for run in runs if page.scope.year in (None, run.year)]
    if page.scope.node:
        above = set(page.actor.tree.path_to(page.scope.node))
        fitting = [run for run in fitting if run.node.code in above]
    choices = [(say("shell.any_run"), page.address(run=""), chosen is None, 0)]
    for run in fitting[:_SHOWN]:
        href = page.address(run=str(run.pk), year=str(run.year))
        choices.append((_called(run), href, run == chosen, 0))
    return Chip("run", _short(chosen) if chosen else "", choices)


def _runs(page: Page) -> Sequence[RunRecord]:
    """Return the runs that the reader may see, read once a page, the newest first."""
    if "runs" not in page.kept:
        seen = visible_to(page.actor, RunRecord, "inventory.view").select_related("node")
        may = page.actor.may("inventory.view")
        newest = seen.defer("totals", "assessment").order_by("-year", "-made_at")
        page.kept["runs"] = list(newest) if may else []
    found: Sequence[RunRecord] = page.kept["runs"]
    return found


def _opened(page: Page, runs: Sequence[RunRecord]) -> RunRecord | None:
    """Return the run whose page this is."""
    match = page.request.resolver_match
    if match is None or not str(match.url_name).startswith("runs-"):
        return None
    return next((run for run in runs if str(run.pk) == match.kwargs.get("key")), None)


def _page_of(page: Page, run: RunRecord) -> str:
    """Return where another run has what is read here; only a list is kept as it is narrowed."""
    match = page.request.resolver_match
    route = str(match.url_name) if match else ""
    if match is not None and set(match.kwargs) == {"key"}:
        return page.address(reverse(route, args=[run.pk]), run="", year="")
    shown = "runs-entries" if route == "runs-entry" else "runs-record"
    return reverse(shown, args=[run.pk])


def _short(run: RunRecord) -> str:
    return f"{run.year} · {say(f'runs.state.{run.state}')}"


def _called(run: RunRecord) -> str:
    state = say(f"runs.state.{run.state}")
    return f"{run.year} · {run.node.name(lang())} · {state} · {moment(run.made_at)}"


CHOOSERS.extend([year_chip, run_chip])
