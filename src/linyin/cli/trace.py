"""`linyin trace`: an entry back to its row and its factor, with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from linyin.cli.command import Answer, argument, command

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from linyin.cli.session import Session
    from linyin.inventory import SharedPart, TracedEntry

__all__ = ["decimal", "trace"]

_DIGITS: Final = 15


@command("trace")
@argument("bundle", type=click.Path(path_type=Path))
@argument("entry")
def trace(session: Session, bundle: Path, entry: str) -> Answer:
    """Trace an entry of a bundle."""
    from linyin.inventory import Inventory, count_entries, trace_entry

    inventory = Inventory(bundle)
    traced = trace_entry(inventory, entry)
    number = count_entries(inventory, entry)
    same = all(one.same for one in traced)
    data = {"ok": same, "entries": number, "traced": [_data(one) for one in traced]}
    view = [_activity(traced[0], session), ""]
    view += [part for one in traced for part in _view(one, session)]
    if number > len(traced):
        view.append(session.say("trace.and_more", number=number, shown=len(traced)))
    return Answer(data, view, 0 if same else 1)


def decimal(value: Fraction) -> str:
    """Return a number as a calculator takes it: exact where it ends, else 15 digits."""
    places, rest = 0, value
    while rest.denominator != 1 and places <= _DIGITS:
        places, rest = places + 1, rest * 10
    if rest.denominator == 1:
        sign, digits = "−" if rest < 0 else "", str(abs(rest.numerator)).rjust(places + 1, "0")
        whole, point = (digits[:-places], digits[-places:]) if places else (digits, "")
        return f"{sign}{int(whole):,}{'.' + point if point else ''}"
    text = f"{abs(float(value)):,.{_DIGITS}g}"
    return f"−{text}" if value < 0 else text


def _data(one: TracedEntry) -> dict[str, Any]:
    from linyin.cli.factors_table import is_weighted

    factor = one.factor
    return {
        "id": one.id,
        "same": one.same,
        "co2e_mg": one.entry["co2e_mg"],
        "redone_mg": one.co2e_mg,
        "part": list(one.part),
        "shared": one.shared and _shared_data(one.shared),
        "at": one.where.to_dict(),
        "entry": _plain(one.entry),
        "activity": _plain(one.activity),
        "method": {"name": one.leg["method"], "version": one.leg["method_version"]},
        "terms": [
            {
                "kind": term.kind,
                "name": term.name,
                "value": str(term.value),
                "decimal": float(term.value),
                "unit": term.unit,
                "source": term.source,
                "divides": term.divides,
            }
            for term in one.terms
        ],
        "gwp_sets": {
            "run": one.gwp_set if factor and is_weighted(factor) else None,
            "publisher": factor.gwp_set if factor and "co2e" in factor.masses else None,
        },
        "factor": factor
        and {**{k: v for k, v in factor.row.items() if k != "priority"}, "pack": factor.pack},
        "gases": [
            {"gas": gas.gas, "kg": float(gas.kg), "gwp": float(gas.gwp)} for gas in one.gases
        ],
    }


def _shared_data(shared: SharedPart) -> dict[str, Any]:
    of_all = {"value": shared.value, "total": shared.total}
    numbers = {name: None if n is None else float(n) for name, n in of_all.items()}
    return {"node": shared.node, "key": shared.key, "unit": shared.unit, **numbers}


def _plain(row: Any) -> dict[str, Any]:
    kept = {k: v for k, v in row.items() if v not in ("", None) and not isinstance(v, bytes)}
    return {k: v if isinstance(v, str | int | float | bool) else str(v) for k, v in kept.items()}


def _view(one: TracedEntry, session: Session) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    from linyin.cli.summary_table import line_name

    entry, say = one.entry, session.say
    method = entry["scope2_method"]
    about = [f"{entry['line']} {line_name(entry['line'], session)}"]
    about += [say(f"trace.{method}")] if method else []
    about.append(say(f"role.{entry['role']}"))
    yield Text.assemble(
        (say("trace.entry", id=one.id), "bold cyan"), "  ", (" · ".join(about), "bold")
    )
    yield Padding(_arithmetic(one, session), (0, 0, 0, 2))
    yield Padding(_result(one, session), (0, 0, 1, 2))
    if one.factor is not None:
        yield Padding(_factor(one, session), (0, 0, 1, 2))


def _pairs() -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _activity(one: TracedEntry, session: Session) -> RenderableType:
    from datetime import timedelta

    from linyin.cli.trace_words import revision
    from linyin.lake import render_where

    row, say = one.activity, session.say
    grid = _pairs()
    last = row["end"] - timedelta(days=1)
    what = [row["source_type"], row["item"], row["technology"], row["product"], row["relation"]]
    what += [row["site"], row["counterparty"], row["description"]]
    grid.add_row(say("trace.activity"), render_where(one.where, session.lang))
    grid.add_row("", " · ".join(text for text in what if text))
    when = say("trace.when", begin=row["begin"], last=last)
    grid.add_row("", f"{when} · {say('status.' + row['status'])}")
    grid.add_row("", revision(one, session))
    named = [row["evidence_file"], row["evidence_page"] and f"p. {row['evidence_page']}"]
    named.append(row["evidence_sha256"] and f"sha256 {row['evidence_sha256'][:16]}…")
    evidence = " · ".join(str(text) for text in named if text)
    grid.add_row(say("trace.evidence"), evidence or say("trace.no_evidence"))
    return grid


def _arithmetic(one: TracedEntry, session: Session) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    from linyin.cli.trace_words import part_name, term_name

    grid = Table.grid(padding=(0, 2))
    for justify in ("left", "left", "right", "left", "left"):
        grid.add_column(justify=justify, no_wrap=justify == "right", overflow="fold")
    title = session.say("trace.arithmetic")
    for number, term in enumerate(one.terms):
        mark = "" if number == 0 else "÷" if term.divides else "×"
        shown = decimal(1 / term.value if term.divides else term.value)
        name = term_name(term, session)
        source = term.source if term.kind == "step" else ""
        note = f"{name} ({source})" if source else name
        grid.add_row("" if number else Text(title, style="dim"), mark, shown, term.unit, note)
    a, b = one.part
    if (a, b) != (0.0, 1.0):
        note = part_name(one, session)
        grid.add_row("", "×", repr(b - a), "", note)
    grid.add_row("", "=", decimal(one.product * Fraction(b - a)), "mg CO₂e", "")
    return grid


def _result(one: TracedEntry, session: Session) -> RenderableType:
    from rich.text import Text

    lines = Text()
    mg = one.entry["co2e_mg"]
    t = f"{mg / 1e9:,.9f}".rstrip("0").rstrip(".")
    lines.append(session.say("trace.booked", mg=f"{mg:,}", t=t) + "\n", style="bold")
    if one.same:
        lines.append(session.say("trace.same"), style="green")
    else:
        lines.append(session.say("trace.differs", mg=f"{one.co2e_mg:,}"), style="bold red")
    return lines


def _factor(one: TracedEntry, session: Session) -> RenderableType:
    from linyin.cli.trace_words import gwp_sets

    factor, say = one.factor, session.say
    grid = _pairs()
    if factor is None:
        return grid
    row = factor.row
    name = row.get(f"name_{session.lang}") or row.get("name_en") or row.get("name_zh") or ""
    grid.add_row(say("trace.factor"), f"{factor.factor_id}  {name}")
    gases = " + ".join(
        f"{gas.gas} {decimal(gas.kg)}" + ("" if gas.gwp == 1 else f" × {decimal(gas.gwp)}")
        for gas in one.gases
    )
    sets = gwp_sets(factor, one.gwp_set, session)
    grid.add_row("", f"{gases}  [kg/{factor.unit.code}{sets and '; ' + sets}]")
    place, published = factor.place, factor.published.isoformat()
    dates = say("trace.dates", data_year=factor.data_year, published=published, place=place)
    grid.add_row("", dates)
    grid.add_row(say("trace.source"), f"{row.get('publisher')}: {row.get('source')}")
    grid.add_row(say("trace.release"), f"{row.get('release')} · {factor.pack}")
    grid.add_row(say("trace.licence"), row.get("licence") or "")
    grid.add_row(say("trace.evidence_of_factor"), row.get("evidence") or "")
    if row.get("note"):
        grid.add_row(say("trace.note"), row["note"])
    return grid
