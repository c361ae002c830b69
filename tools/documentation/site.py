"""The documentation as a site: static pages, one style sheet, no script, nothing from elsewhere."""

from __future__ import annotations

import html
import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from linyin.platform.marking import converter

THEME: Final = Path(__file__).parent / "theme"
ASSETS: Final = frozenset({".svg", ".png"})
# Where the Markdown lies below the root of the project, and where it stands in the site.
FOLDERS: Final[Mapping[PurePosixPath, PurePosixPath]] = {
    PurePosixPath("docs"): PurePosixPath(),
    PurePosixPath("src/linyin/platform/guides"): PurePosixPath("guides"),
}
UNPUBLISHED: Final = PurePosixPath("docs/plans")
SECTIONS: Final[Mapping[str, str]] = {
    ".": "Start",
    "guides/en": "In the browser",
    "guides/zh": "使用指南",
    "how-to": "How to",
    "explanation": "How it works",
    "reference/en": "Reference",
    "reference/zh": "参考",
    "adr": "Decisions",
}
_LINK: Final = re.compile(r'(href=")([^":#]+)\.md(#[^"]*)?(")')


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its source below the root, its title, its language and its HTML."""

    source: PurePosixPath
    title: str
    lang: str
    body: str
    anchors: frozenset[str]

    @property
    def target(self) -> PurePosixPath:
        """Path below the site."""
        return target_of(self.source)


def sources(root: Path) -> list[PurePosixPath]:
    """Return the Markdown files that are published, in a stable order."""
    files = (p for folder in FOLDERS for p in (root / folder).rglob("*.md"))
    found = (PurePosixPath(p.relative_to(root).as_posix()) for p in files)
    return sorted(p for p in found if not p.is_relative_to(UNPUBLISHED))


def target_of(source: PurePosixPath) -> PurePosixPath:
    """Return where in the site a file of the documentation stands."""
    folder = next(folder for folder in FOLDERS if source.is_relative_to(folder))
    target = FOLDERS[folder] / source.relative_to(folder)
    return target.with_suffix(".html") if target.suffix == ".md" else target


def render(root: Path, source: PurePosixPath) -> Page:
    """Turn one Markdown file into a page."""
    text = (root / source).read_text(encoding="utf-8")
    body = _LINK.sub(partial(_followed, source), converter().convert(text))
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


def build(root: Path, target: Path) -> int:
    """Write the site anew; return the number of pages."""
    pages = [render(root, source) for source in sources(root)]
    frame = (THEME / "page.html").read_text(encoding="utf-8")
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    shutil.copy2(THEME / "style.css", target / "style.css")
    for asset in (p for folder in FOLDERS for p in (root / folder).rglob("*")):
        if asset.suffix in ASSETS:
            copy = target / target_of(PurePosixPath(asset.relative_to(root).as_posix()))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(asset, copy)
    for page in pages:
        path = target / page.target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_framed(frame, page, pages), encoding="utf-8")
    return len(pages)


def _followed(source: PurePosixPath, link: re.Match[str]) -> str:
    """Lead a link between Markdown files to the page in the site."""
    before, path, anchor, after = link.groups(default="")
    file = PurePosixPath(posixpath.normpath(source.parent / f"{path}.md"))
    page = posixpath.relpath(target_of(file), target_of(source).parent)
    return f"{before}{page}{anchor}{after}"


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
        members = [p for p in pages if str(p.target.parent) == section]
        members.sort(key=lambda p: (p.source.stem != "index", str(p.source)))
        if not members:
            continue
        yield f"<details{' open' if current in members or section == '.' else ''}>"
        yield f"<summary>{html.escape(name)}</summary><ul>"
        for page in members:
            here = ' aria-current="page"' if page is current else ""
            title = html.escape(page.title)
            yield f'<li><a href="{root}{page.target}"{here}>{title}</a></li>'
        yield "</ul></details>"
