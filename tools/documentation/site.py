"""docs/ as a site: static pages, one style sheet, no script, no request to anywhere else."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import markdown

THEME: Final = Path(__file__).parent / "theme"
ASSETS: Final = frozenset({".svg", ".png"})
UNPUBLISHED: Final = frozenset({"plans"})
SECTIONS: Final[Mapping[str, str]] = {
    "": "Start",
    "how-to": "How to",
    "explanation": "How it works",
    "reference/en": "Reference",
    "reference/zh": "参考",
    "adr": "Decisions",
}
_LINK: Final = re.compile(r'(href=")([^":#]+)\.md(#[^"]*)?(")')


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its source below docs/, its title, its language and its HTML."""

    source: PurePosixPath
    title: str
    lang: str
    body: str
    anchors: frozenset[str]

    @property
    def target(self) -> PurePosixPath:
        """Path below the site."""
        return self.source.with_suffix(".html")


def sources(docs: Path) -> list[PurePosixPath]:
    """Return the Markdown files that are published, in a stable order."""
    found = (PurePosixPath(p.relative_to(docs).as_posix()) for p in docs.rglob("*.md"))
    return sorted(p for p in found if p.parts[0] not in UNPUBLISHED)


def render(docs: Path, source: PurePosixPath) -> Page:
    """Turn one Markdown file into a page."""
    text = (docs / source).read_text(encoding="utf-8")
    converter = markdown.Markdown(
        extensions=["tables", "fenced_code", "toc", "sane_lists", "attr_list"],
        extension_configs={"toc": {"slugify": _slug}},
    )
    body = _LINK.sub(r"\1\2.html\3\4", converter.convert(text))
    body = body.replace("<table>", '<div class="wide"><table>').replace(
        "</table>", "</table></div>"
    )
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    return Page(
        source,
        heading.group(1) if heading else source.stem,
        "zh" if ".zh" in source.name or "zh" in source.parts else "en",
        body,
        frozenset(re.findall(r' id="([^"]+)"', body)),
    )


def build(docs: Path, target: Path) -> int:
    """Write the site anew; return the number of pages."""
    pages = [render(docs, source) for source in sources(docs)]
    frame = (THEME / "page.html").read_text(encoding="utf-8")
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    shutil.copy2(THEME / "style.css", target / "style.css")
    for asset in docs.rglob("*"):
        if asset.suffix in ASSETS:
            copy = target / asset.relative_to(docs)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(asset, copy)
    for page in pages:
        path = target / page.target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_framed(frame, page, pages), encoding="utf-8")
    return len(pages)


def _framed(frame: str, page: Page, pages: list[Page]) -> str:
    root = "../" * (len(page.target.parts) - 1)
    values = {
        "lang": "zh-CN" if page.lang == "zh" else "en",
        "title": html.escape(page.title),
        "root": root,
        "menu": "\n".join(_menu(page, pages, root)),
        "body": page.body,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match.group(1)], frame)


def _menu(current: Page, pages: list[Page], root: str) -> Iterator[str]:
    for section, name in SECTIONS.items():
        members = [p for p in pages if str(p.source.parent) in {section, section or "."}]
        members.sort(key=lambda p: (p.source.stem != "index", str(p.source)))
        if not members:
            continue
        yield f"<details{' open' if current in members or not section else ''}>"
        yield f"<summary>{html.escape(name)}</summary><ul>"
        for page in members:
            here = ' aria-current="page"' if page is current else ""
            title = html.escape(page.title)
            yield f'<li><a href="{root}{page.target}"{here}>{title}</a></li>'
        yield "</ul></details>"


def _slug(text: str, separator: str) -> str:
    """Name an anchor as Git hosts do: words kept, Chinese included."""
    words = re.sub(r"[^\w\s-]", "", text.lower()).strip()
    return re.sub(r"[\s]", separator, words)
