"""Markdown in two languages."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from typing import Final, Literal

type Lang = Literal["en", "zh"]
LANGUAGES: Final[tuple[Lang, ...]] = ("en", "zh")


def pick(lang: Lang, en: str, zh: str) -> str:
    """Return the text of one language."""
    return en if lang == "en" else zh


def rows_of(*path: str) -> list[dict[str, str]]:
    """Read one of the program's own CSV files, such as `rows_of("ledger", "methods.csv")`."""
    text = resources.files("linyin").joinpath(*path).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True), strict=True))


def code(text: object) -> str:
    """Set a text as code; nothing stays nothing."""
    return f"`{text}`" if str(text) else ""


def codes(text: str, separator: str | None = None) -> str:
    """Set every word of a list as code."""
    return " ".join(code(word) for word in text.split(separator) if word)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""

    def lines() -> Iterator[str]:
        for row in (head, ["---"] * len(head), *rows):
            cells = (str(cell).replace("|", "\\|").replace("\n", " ").strip() for cell in row)
            yield f"| {' | '.join(cells)} |\n"

    return "".join(lines())


def page(title: str, *blocks: str) -> str:
    """Join the blocks of a page under its title."""
    return "\n\n".join([f"# {title}", *(block.strip("\n") for block in blocks if block)]) + "\n"
