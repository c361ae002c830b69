"""The words of reports in both languages, from one table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from linyin.inventory.report.model import Label, Lang

__all__ = ["Texts", "load_table"]


@cache
def load_table() -> dict[str, Label]:
    """Read `texts.csv`: key → both texts."""
    content = files("linyin.inventory.report").joinpath("texts.csv").read_text("utf-8")
    return {row["key"]: Label(row["en"], row["zh"]) for row in csv.DictReader(content.splitlines())}


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of one language."""

    lang: Lang

    def __call__(self, key: str, **fields: str | int) -> str:
        """Return a text with its fields filled in.

        Raises
        ------
        KeyError
            If the table has no such key or the text a field that was not given.

        """
        text = load_table()[key].of(self.lang)
        return text.format(**fields) if fields else text

    def known(self, prefix: str, code: str) -> str:
        """Return the text of a code of a family, or the code itself where there is none."""
        label = load_table().get(f"{prefix}.{code}")
        return label.of(self.lang) if label else code

    def publishers(self, names: str) -> str:
        """Return publishers, joined by semicolons, by their names in this language."""
        known = (self.known("publisher", name) for name in names.split("; "))
        return self("list_semicolon").join(known)

    def pick(self, label: Label) -> str:
        """Return a name of the data in this language."""
        return label.of(self.lang)
