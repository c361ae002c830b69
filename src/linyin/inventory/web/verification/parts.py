"""Parts of the pages of a verification: figures, samples, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from linyin.inventory.web.verification.pages.common import at, mass_text, run_name
from linyin.platform.numbers import percent
from linyin.platform.parts import (
    Badge,
    Button,
    Column,
    Empty,
    Figure,
    Figures,
    Link,
    Row,
    Table,
)
from linyin.platform.parts import Finding as FindingPart
from linyin.platform.times import moment
from linyin.platform.words import enumerated, say

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linyin.inventory.web.verification.models import Opinion, VerificationFinding
    from linyin.inventory.web.verification.progress import RunProgress

__all__ = ["matter_parts", "opinion_parts", "progress_figures", "run_table", "sample_table"]

_LOOKS = {"material": "error", "minor": "warning", "observation": "question"}


def progress_figures(progress: Sequence[RunProgress]) -> Figures:
    """Return the coverage of the newest run that was drawn from, and what is open in all."""
    drawn = [p for p in progress if p.samples]
    first = (drawn or list(progress))[0]
    years = enumerated(sorted({p.run.year for p in progress}))
    open_items = sum(p.open_items for p in progress)
    matters = [finding for p in progress for finding in p.open_findings]
    material = sum(1 for finding in matters if finding.severity == "material")
    stated = sum(1 for p in progress if p.opinion)
    year, state = str(first.run.year), first.run.state
    several = {p.run.state for p in progress}
    of_all = several.pop() if len(several) == 1 else ""
    return Figures(
        [
            Figure(
                say("engagements.coverage"), percent(first.coverage).rstrip(" %") if drawn else "",
                "%", year, state, is_headline=True,
                note=say(f"engagements.coverage.{'help' if drawn else 'none'}"),
            ),
            Figure(
                say("engagements.open_items"), str(open_items), say("engagements.of_items",
                items=sum(p.items for p in progress)), years, of_all,
            ),
            Figure(
                say("engagements.open_findings"), str(len(matters)), "", years, of_all,
                note=say("engagements.of_material", material=material),
            ),
            Figure(
                say("engagements.opinions"), str(stated),
                say("engagements.of_runs", runs=len(progress)), years, of_all,
            ),
        ]
    )  # fmt: skip


def run_table(request: HttpRequest, progress: Sequence[RunProgress]) -> Table:
    """Return runs with what is drawn, followed, found and stated."""
    rows = [
        Row(
            [
                run_name(p.run),
                Badge("state", p.run.state),
                percent(p.coverage) if p.samples else "",
                say("engagements.ticked", ticked=p.items - p.open_items, items=p.items)
                if p.items
                else "",
                str(len(p.open_findings)),
                Badge("opinion", p.opinion.kind) if p.opinion else "",
            ],
            at(request, "runs-record", p.run.pk),
        )
        for p in progress
    ]
    columns = [
        Column(say("samples.run"), is_wide=True),
        Column(say("runs.state")),
        Column(say("engagements.coverage"), is_number=True, is_minor=True),
        Column(say("engagements.items")),
        Column(say("engagements.open_findings"), is_number=True, is_minor=True),
        Column(say("opinions.kind"), is_minor=True),
    ]
    empty = Empty(say("engagements.no_runs"), icon="file-text")
    return Table(say("engagements.runs"), columns, rows, empty=empty)


def sample_table(request: HttpRequest, progress: Iterable[RunProgress]) -> Table:
    """Return the samples of some runs, those with open items first."""
    found = [sample for p in progress for sample in p.samples]
    found.sort(key=lambda one: (not one.open, -one.sample.pk))
    rows = [
        Row(
            [
                Link(run_name(one.sample.run), hint=moment(one.sample.drawn_at)),
                say(f"samples.method.{one.sample.method}"),
                one.sample.seed,
                say("engagements.ticked", ticked=one.ticked, items=len(one.items)),
                percent(one.coverage),
                mass_text(one.difference_mg) if one.difference_mg else "",
            ],
            at(request, "samples-record", one.sample.pk),
        )
        for one in found
    ]
    columns = [
        Column(say("samples.run"), is_wide=True),
        Column(say("samples.method"), is_minor=True),
        Column(say("samples.seed"), is_minor=True),
        Column(say("engagements.items")),
        Column(say("engagements.coverage"), is_number=True),
        Column(say("samples.difference"), is_number=True, is_minor=True),
    ]
    empty = Empty(say("samples.none"), say("samples.none.help"), "list-check")
    return Table(say("samples.title"), columns, rows, empty=empty)


def matter_parts(
    request: HttpRequest, progress: Iterable[RunProgress], *, verifies: bool, manages: bool
) -> list[FindingPart]:
    """Return findings, open ones first, with what the reader can do about each."""
    found = [finding for p in progress for finding in p.findings]
    found.sort(key=lambda one: (one.state == "closed", one.severity != "material", -one.pk))
    return [_matter(request, one, verifies=verifies, manages=manages) for one in found]


def _matter(
    request: HttpRequest, one: VerificationFinding, *, verifies: bool, manages: bool
) -> FindingPart:
    href = at(request, "verification-findings-record", one.pk)
    words = {
        (True, "answered"): "verification-findings.look",
        (False, "open"): "action.inventory.answer_matter",
    }
    step = words.get((verifies, one.state), "") if verifies or manages else ""
    said = [
        say("verification-findings.amount", amount=mass_text(one.amount_mg))
        if one.amount_mg
        else "",
        say("verification-findings.answered", answer=one.answer) if one.answer else "",
        say("verification-findings.concluded", conclusion=one.conclusion) if one.conclusion else "",
    ]
    return FindingPart(
        _LOOKS[one.severity],
        one.text,
        " ".join(text for text in said if text),
        f"{run_name(one.run)} · {one.entry}" if one.entry else run_name(one.run),
        href,
        one.state,
        button=Button(say(step), href, tone="plain") if step else None,
        badge=Badge("weight", one.severity),
    )


def opinion_parts(request: HttpRequest, opinions: Iterable[Opinion]) -> list[FindingPart]:
    """Return statements as parts: kind, words, what they are of."""
    return [
        FindingPart(
            "question",
            say(f"opinions.kind.{one.kind}.help"),
            one.text,
            run_name(one.run),
            at(request, "opinions-record", one.pk),
            "done",
            badge=Badge("opinion", one.kind),
        )
        for one in opinions
    ]
