"""The words of a trace: steps, inputs, revisions and GWP sets in the reader's language."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from linyin.cli.words import words

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.inventory import TracedEntry, TracedTerm
    from linyin.ledger import Factor

__all__ = ["gwp_sets", "part_name", "revision", "term_name"]


def term_name(term: TracedTerm, session: Session) -> str:
    """Return what a number of the product is."""
    if term.kind == "step":
        return step_name(term.name, session)
    if term.kind == "input":
        name = term.name.replace("_", " ")
        return f"{input_names()[term.name]} {name}" if session.lang == "zh" else name
    if term.kind == "instrument":
        return session.say("term.instrument", name=term.name)
    if term.kind == "share":
        return session.say("term.share", node=term.name)
    text = session.say(f"term.{term.kind}")
    return f"{text} {term.name}".rstrip() if term.kind == "factor" else text


def part_name(one: TracedEntry, session: Session) -> str:
    """Return which part of its row an entry is, and whose where a supply is shared."""
    a, b = (repr(edge) for edge in one.part)
    shared, say = one.shared, session.say
    if shared is None:
        return say("term.fraction", a=a, b=b)
    if shared.value is None:
        return say("term.fraction.rest", a=a, b=b, node=shared.node)
    amounts = [f"{float(n):,.12g}" for n in (shared.value, shared.total) if n is not None]
    unit = shared.unit or ("%" if shared.key == "share" else "")
    amount = f"{' / '.join(amounts)} {unit}".rstrip()
    key = say(f"allocation.{shared.key}")
    return say("term.fraction.shared", a=a, b=b, node=shared.node, by=key, amount=amount)


def step_name(step: str, session: Session) -> str:
    """Return a step of the calculation; one without words of its own is shown as it is stored."""
    key = f"term.step.{step}"
    return session.say(key) if key in words() else step.replace("_", " ")


@cache
def input_names() -> Mapping[str, str]:
    """Return the Chinese name of every named input."""
    table = resources.files("linyin.ledger").joinpath("schemas/inputs.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {row["input"]: row["description_zh"] for row in rows}


def revision(one: TracedEntry, session: Session) -> str:
    """Say which delivery of a row counted, and why it was revised."""
    number = one.entry["revision"]
    if number == 1:
        return session.say("trace.first", number=number)
    reason = one.reason or session.say("trace.no_reason")
    return session.say("trace.revision", number=number, reason=reason)


def gwp_sets(factor: Factor, gwp_set: str, session: Session) -> str:
    """Say on which GWP set each part of a factor's CO2e stands.

    Gases stand on `gwp_set`; a CO2e that the publisher states without its gases stays on the
    publisher's own.
    """
    from linyin.cli.factors_table import is_weighted

    said = [session.say("gwp.weighted", gwp=gwp_set)] if is_weighted(factor) else []
    if "co2e" in factor.masses:
        own = factor.gwp_set
        key = "gwp.unknown" if own == "unknown" else "gwp.stated"
        said.append(session.say(key, gwp=own))
    return "; ".join(said)
