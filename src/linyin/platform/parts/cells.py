"""What stands in a cell or a line: numbers with their unit, links, nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from linyin.platform.numbers import number
from linyin.platform.parts.base import Part
from linyin.platform.words import say

__all__ = ["Button", "Link", "Nothing", "Number", "Printed", "digest"]


@dataclass(frozen=True, slots=True)
class Number(Part):
    """A number and its unit.

    Attributes
    ----------
    value
        The number.
    unit
        Its unit as printed; empty where the column's head names it.
    decimals
        How many are shown; None = those it has.
    href
        Where it opens: what it was made from.

    """

    value: Decimal | float
    unit: str = ""
    decimals: int | None = None
    href: str = ""

    def __str__(self) -> SafeString:
        text = format_html('<span class="number">{}</span>', number(self.value, self.decimals))
        if self.unit:
            text = format_html('{}&nbsp;<span class="unit">{}</span>', text, self.unit)
        return format_html('<a href="{}">{}</a>', self.href, text) if self.href else text

    __html__ = __str__


@dataclass(frozen=True, slots=True)
class Printed(Part):
    """A number that is printed already, and its unit."""

    text: str
    unit: str = ""

    def __str__(self) -> SafeString:
        printed = format_html('<span class="number">{}</span>', self.text)
        if not self.unit:
            return printed
        return format_html('{}&nbsp;<span class="unit">{}</span>', printed, self.unit)

    __html__ = __str__


@dataclass(frozen=True, slots=True)
class Link(Part):
    """A text that leads somewhere, and what is said below it."""

    label: str
    href: str = ""
    hint: str = ""

    def __str__(self) -> SafeString:
        text = (
            format_html('<a href="{}">{}</a>', self.href, self.label) if self.href else self.label
        )
        if self.hint:
            return format_html('{}<small class="hint">{}</small>', text, self.hint)
        return format_html("{}", text)

    __html__ = __str__


@dataclass(frozen=True, slots=True)
class Nothing(Part):
    """No value: a dash to the eye, a word to the ear."""

    def __str__(self) -> SafeString:
        return format_html(
            '<span aria-hidden="true" class="nothing">–</span>'
            '<span class="visually-hidden">{}</span>',
            say("part.nothing"),
        )

    __html__ = __str__


@dataclass(frozen=True, slots=True)
class Button(Part):
    """A button, or a link that looks like one.

    Attributes
    ----------
    tone
        `primary` (one a page), `plain`, `quiet` or `danger`.
    href
        Where it leads; empty = it sends its form.
    form
        Id of the form it sends, if it stands outside of it.
    dialog
        Id of the dialog that it opens instead.

    """

    label: str
    href: str = ""
    icon: str = ""
    tone: str = "plain"
    form: str = ""
    name: str = ""
    value: str = ""
    dialog: str = ""
    is_disabled: bool = False

    template = "button"

    @property
    def classes(self) -> str:
        """Return the classes of its tone."""
        tones = {"primary": "btn-primary", "danger": "btn-danger-plain", "quiet": "btn-quiet"}
        return f"btn {tones.get(self.tone, '')}".strip()


def digest(sha256: str) -> SafeString:
    """Return the beginning of a digest as code; the whole of it is its title."""
    return format_html('<code title="{}">{}…</code>', sha256, sha256[:16])
