"""One entry: from the row and its document, through every step, to its milligrams."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from linyin.inventory import Inventory, trace_entry
from linyin.inventory.web.entries import reached_in
from linyin.inventory.web.factors.rows import listed_of
from linyin.inventory.web.line_names import line_name
from linyin.inventory.web.pages.common import seen_of, texts, with_scope
from linyin.inventory.web.pages.runs import run_context
from linyin.inventory.web.trace_words import source_words, term_words
from linyin.lake import BadInput, render_where
from linyin.ledger.web.called import (
    item_called,
    place_called,
    technology_called,
    unit_after,
    unit_called,
)
from linyin.platform.actor import who_asks
from linyin.platform.grants import visible_to
from linyin.platform.models import Document
from linyin.platform.numbers import MassScale
from linyin.platform.parts import Badge, Column, Link, Notice, Row, Table, digest
from linyin.platform.parts.cells import Printed
from linyin.platform.resources.lake_keys import joined, parted
from linyin.platform.signin import signed_in
from linyin.platform.times import day, span
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linyin.inventory import TracedEntry
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.actor import Actor

__all__ = ["entry", "entry_parts"]


@signed_in
def entry(request: HttpRequest, key: str, entry: str) -> HttpResponse:
    """Show where a number comes from, with the arithmetic to redo it by hand."""
    run, part = seen_of(request, key)
    one = _traced(run, entry)
    if one.entry["booked_site"] not in reached_in(who_asks(request), run):
        raise Http404
    context = run_context(request, run, "entries", part) | {
        "title": entry_called(one, who_asks(request).tree.names(lang())),
        "lead": _lead(one),
        "buttons": [],
        "crumbs": [
            (say("runs.title"), with_scope(request, reverse("runs-list"))),
            (str(run), with_scope(request, reverse("runs-record", args=[run.pk]))),
            (say("run.tab.entries"), with_scope(request, reverse("runs-entries", args=[run.pk]))),
        ],
        "tabs": None,
    }
    return render(request, "inventory/entry.html", context | entry_parts(request, one))


def _lead(one: TracedEntry) -> str:
    """Return an entry's mass and row in a line of text."""
    booked = one.entry["co2e_mg"]
    scale = MassScale.of([booked])
    row = f"{one.entry['source']} / {one.entry['external_id']}"
    return f"{scale.text(booked)} {scale.unit} · {row}"


def entry_called(one: TracedEntry, names: Mapping[str, str]) -> str:
    """Return what an entry is called: its line, its site and when it was."""
    line, row = line_name(one.entry["line"]), one.activity
    when = span(row["begin"], row["end"], lang())
    return f"{line} · {names.get(row['site'], row['site'])} · {when}"


def entry_parts(request: HttpRequest, one: TracedEntry) -> dict[str, Any]:
    """Return what a page shows of a traced entry: proof, arithmetic, activity, factor, document."""
    names = who_asks(request).tree.names(lang())
    exact = say("entry.booked", mg=f"{one.entry['co2e_mg']:,}")
    redone = say("entry.same") if one.same else say("entry.differs", mg=f"{one.co2e_mg:,}")
    return {
        "proof": Notice(exact, redone, "good" if one.same else "bad"),
        "terms": _terms(one, names),
        "activity": _activity(request, one, names),
        "factor": _factor(request, one),
        "document": _document(who_asks(request), one),
    }


def _traced(run: RunRecord, key: str) -> TracedEntry:
    parts = parted(key)
    if len(parts) != 4 or not parts[2].isdigit():
        raise Http404
    source, external_id, leg, part = parts
    try:
        found = trace_entry(Inventory(run.path), f"{source}/{external_id}@{leg}", limit=1000)
    except BadInput as bad:
        raise Http404 from bad
    one = next((t for t in found if str(t.entry["part"]) == part), None)
    if one is None:
        raise Http404
    return one


def _terms(one: TracedEntry, names: Mapping[str, str]) -> Table:
    rows = []
    for number, term in enumerate(one.terms):
        sign = "" if number == 0 else "÷ " if term.divides else "× "
        value = 1 / term.value if term.divides else term.value
        rows.append(
            Row(
                [
                    sign + term_words(term),
                    Printed(_decimal(value)),
                    unit_called(term.unit),
                    source_words(term),
                ]
            )
        )
    a, b = one.part
    if (a, b) != (0.0, 1.0):
        if one.shared:
            node = names.get(one.shared.node, one.shared.node)
            part = say("entry.part.shared", node=node, a=repr(a), b=repr(b))
        else:
            part = say("entry.part", a=repr(a), b=repr(b))
        rows.append(Row([f"× {part}", Printed(repr(b - a)), "", ""]))
    exact = _decimal(one.product * Fraction(b - a))
    rows.append(Row([f"= {say('entry.product')}", Printed(exact), "mg CO₂e", ""], tone="total"))
    columns = [
        Column(say("entry.what"), is_wide=True),
        Column(say("entry.number"), is_number=True),
        Column(say("entry.unit")),
        Column(say("entry.source"), is_wide=True),
    ]
    return Table(say("entry.arithmetic"), columns, rows, is_dense=True)


def _row(request: HttpRequest, one: TracedEntry) -> str | Link:
    """Return the place of the row in its file; for who sees the site's rows, the way to it."""
    told = render_where(one.where, lang())
    if not who_asks(request).may("activities.view", one.activity["site"]):
        return told
    key = joined((one.entry["source"], one.entry["external_id"]))
    return Link(told, with_scope(request, reverse("activities-record", args=[key])))


def _activity(
    request: HttpRequest, one: TracedEntry, names: Mapping[str, str]
) -> list[tuple[str, Any]]:
    row, vocabulary = one.activity, texts()
    technology = technology_called(row["technology"], row["item"])
    facts: list[tuple[str, Any]] = [
        (say("entry.row"), _row(request, one)),
        (say("entry.site"), names.get(row["site"], row["site"])),
        (say("entry.period"), span(row["begin"], row["end"], lang())),
        (
            say("entry.item"),
            " · ".join(filter(None, (item_called(row["item"]), technology))),
        ),
        (
            say("entry.quantity"),
            Printed(
                _decimal(Fraction(repr(row["quantity"]))), unit_after(row["unit"], row["quantity"])
            ),
        ),
        (
            say("entry.status"),
            Badge("evidence", row["status"], vocabulary.known("status", row["status"])),
        ),
        (say("entry.revision"), str(one.entry["revision"])),
    ]
    further = ("counterparty", "place", "description")
    said = {"place": place_called}
    return facts + [
        (say(f"entry.{name}"), said.get(name, str)(row[name])) for name in further if row[name]
    ]


def _factor(request: HttpRequest, one: TracedEntry) -> list[tuple[str, Any]]:
    factor = one.factor
    if factor is None:
        return []
    row, vocabulary = factor.row, texts()
    known, why = _factor_pages(request, one)
    name = row.get(f"name_{lang()}") or row.get("name_en") or factor.factor_id
    gases = " + ".join(
        f"{g.gas} {_decimal(g.kg)}" + ("" if g.gwp == 1 else f" × {_decimal(g.gwp)}")
        for g in one.gases
    )
    return [
        (say("entry.factor"), Link(name, known, factor.factor_id)),
        (say("entry.gases"), f"{gases} kg/{unit_called(factor.unit.code)}"),
        (say("entry.factor_place"), place_called(factor.place)),
        (say("entry.data_year"), str(factor.data_year)),
        (say("entry.published"), day(factor.published)),
        (say("entry.publisher"), vocabulary.publishers(str(row.get("publisher") or ""))),
        (say("entry.release"), f"{row.get('release') or ''} · {factor.pack}"),
        (say("entry.source"), row.get("source") or ""),
        (say("entry.licence"), row.get("licence") or ""),
        (say("entry.evidence"), vocabulary.known("evidence", str(row.get("evidence") or ""))),
        *([(say("entry.choice"), Link(say("factors.explain"), why))] if known else []),
    ]


def _factor_pages(request: HttpRequest, one: TracedEntry) -> tuple[str, str]:
    """Return where the factor and the reasons for it open; empty where the reader sees neither."""
    actor = who_asks(request)
    factor, row = one.factor, one.activity
    if factor is None or not listed_of(actor, [factor.factor_id]):
        return "", ""
    asked = {
        "item": row["item"], "unit": row["unit"], "year": row["begin"].year, "site": row["site"],
        "place": row["place"], "source_type": row["source_type"], "technology": row["technology"],
        "product": row["product"], "supplier": row["counterparty"],
    }  # fmt: skip
    stated = urlencode({name: value for name, value in asked.items() if value})
    record = with_scope(request, reverse("factors-record", args=[factor.factor_id]))
    return record, f"{reverse('factors-explain')}?{stated}"


def _document(actor: Actor, one: TracedEntry) -> Any:
    """Return the evidence that the row names: the file, its page, its hash.

    A row that states a hash is proved by that file alone, whatever others are called.
    """
    sha256, name = one.activity["evidence_sha256"], one.activity["evidence_file"]
    if not sha256 and not name:
        return None
    page = one.activity["evidence_page"]
    at = [say("entry.page", page=page)] if page else []
    kept = visible_to(actor, Document, "documents.view")
    document = (
        kept.filter(sha256=sha256.lower()).first()
        if sha256
        else kept.filter(name=name).order_by("-pk").first()
    )
    if document is None:
        stated = [_hash(sha256)] if sha256 else []
        return Link(name or sha256, hint=_joined([*at, *stated, say("entry.document.away")]))
    if not sha256:
        at.append(say("entry.document.by_name"))
    told = [say("entry.document", size=f"{document.size:,}"), _hash(document.sha256)]
    href = reverse("documents-open", args=[document.sha256])
    return Link(document.name, href, _joined([*at, *told]))


def _hash(sha256: str) -> SafeString:
    return format_html("sha256 {}", digest(sha256))


def _joined(told: Iterable[str]) -> SafeString:
    return format_html_join(" · ", "{}", ((one,) for one in told))


def _decimal(value: Fraction) -> str:
    """Return a fraction as a decimal: exact where it ends, else with 17 digits."""
    numerator, denominator = value.numerator, value.denominator
    rest = denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    quotient = Decimal(numerator) / Decimal(denominator)
    text = f"{quotient.normalize():,f}" if rest == 1 else f"{quotient:,.17g}"
    return text.replace("-", "−")
