"""The words of a trace on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linyin.inventory.web.called import factor_called
from linyin.ledger import named_inputs
from linyin.platform.words import lang, say, words

if TYPE_CHECKING:
    from linyin.inventory import TracedTerm

__all__ = ["source_words", "term_words"]


def term_words(term: TracedTerm) -> str:
    """Return what a number of the product is."""
    if term.kind == "step":
        key = f"term.step.{term.name}"
        return say(key) if key in words() else term.name.replace("_", " ")
    if term.kind == "input":
        known = named_inputs().get(term.name)
        return known.description[lang()] if known else term.name
    if term.kind == "share":
        return say("term.share", node=term.name)
    if term.kind == "factor":
        return say("term.factor_named", factor=factor_called(term.name))
    said = say(f"term.{term.kind}")
    return f"{said} {term.name}".rstrip() if term.name else said


def source_words(term: TracedTerm) -> str:
    """Return who says so."""
    return term.source if term.kind in ("step", "input", "factor") else ""
