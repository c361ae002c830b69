"""The guides: Markdown files beside this module, one folder a language, shown as pages."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown.treeprocessors import Treeprocessor

from linyin.platform.marking import converter
from linyin.platform.parts import Hit
from linyin.platform.search import FINDERS
from linyin.platform.signin import signed_in
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linyin.platform.shell import Page

__all__ = ["GUIDES", "Guide", "guide_page", "guides"]

FOLDER: Final = Path(__file__).parent / "guides"
# In the order in which people of an enterprise need them.
GUIDES: Final = (
    "carbon-office",
    "data-owner",
    "verification",
    "own-factors",
    "governance",
    "api",
    "deploy",
)
_TITLE: Final = re.compile(r"\A# (.+)\n")


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide in one language: its parts are (anchor, title) of its second-level headings."""

    name: str
    title: str
    body: SafeString
    parts: Sequence[tuple[str, str]]
    text: str

    @property
    def href(self) -> str:
        """Address of its page."""
        return reverse("guide", args=[self.name])


@signed_in
def guide_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a guide in the reader's language."""
    if name not in GUIDES:
        raise Http404
    context = {
        "guide": _read(name, lang()),
        "others": [other for other in guides() if other.name != name],
        "crumbs": [(say("help.title"), reverse("help"))],
    }
    return render(request, "platform/guide.html", context)


def guides() -> Sequence[Guide]:
    """Return the guides in the reader's language."""
    return [_read(name, lang()) for name in GUIDES]


@cache
def _read(name: str, language: str) -> Guide:
    text = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    titled = _TITLE.match(text)
    if titled is None:
        raise ValueError(f"guides/{language}/{name}.md does not begin with its title")
    markdown = converter()
    markdown.treeprocessors.register(_InTheApp(language), "in_the_app", 0)
    body = markdown.convert(text[titled.end() :])
    body = body.replace("<pre>", '<pre tabindex="0">')  # whoever has no mouse scrolls it too
    parts = [(part["id"], part["name"]) for part in markdown.toc_tokens]  # type: ignore[attr-defined]
    return Guide(name, titled[1], mark_safe(body), parts, text)  # noqa: S308  our own files


class _InTheApp(Treeprocessor):
    """Leads links to the pages of other guides, and pictures to where they are served."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            path, _, anchor = link.get("href", "").partition("#")
            if path.endswith(".md"):
                page = reverse("guide", args=[path.removesuffix(".md")])
                link.set("href", f"{page}#{anchor}" if anchor else page)
        for picture in root.iter("img"):
            file = FOLDER / self.language / picture.get("src", "")
            width, height = _size(file)
            picture.set("src", static(f"linyin/guides/{self.language}/{file.name}"))
            picture.set("width", str(width))
            picture.set("height", str(height))


def _size(png: Path) -> tuple[int, int]:
    """Return width and height of a PNG: bytes 16 to 23 of its file."""
    with png.open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    return width, height


def _found(_: Page, query: str) -> Iterator[tuple[str, Sequence[Hit]]]:
    wanted = query.casefold().split()
    hits = [
        Hit(guide.title, guide.href, "", "help")
        for guide in guides()
        if wanted and all(word in guide.text.casefold() for word in wanted)
    ]
    yield say("help.guides"), hits


FINDERS.append(_found)
