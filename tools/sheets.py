"""Lay the pictures of pages out on contact sheets: `tools/sheets.py PICTURES SHEETS`.

PICTURES is where visits of pages keep theirs (LINYIN_PICTURES); SHEETS gets files such as
zh-light-desk-01.png. What is judged on them: “Ten questions” in docs/design-language.md.
"""

from __future__ import annotations

import html
import itertools
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

STYLE: Final = """
body { margin: 0; padding: 12px; width: max-content; background: #888; font: 13px sans-serif; }
main { display: grid; gap: 12px; align-items: start; }
figure { margin: 0; background: #fff; }
figcaption { padding: 3px 6px; overflow-wrap: anywhere; }
div { overflow: hidden; }
img { display: block; width: 100%; }
"""


@dataclass(frozen=True)
class Layout:
    """Pages on a sheet: how many beside and below one another, and how large (px)."""

    columns: int
    rows: int
    width: int
    height: int


LAYOUTS: Final = {"desk": Layout(2, 2, 800, 720), "phone": Layout(7, 1, 270, 1400)}


def main(pictures: str, sheets: str) -> int:
    """Draw the sheets of every variant there are pictures of; return an exit code."""
    from playwright.sync_api import sync_playwright

    from browser import ARGUMENTS, chromium

    to = Path(sheets).resolve()
    to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        for name, layout, files in _sheets(Path(pictures).resolve()):
            _draw(page, layout, files, to / name)
            print(f"{name}: {files[0].name.partition('.')[0]} … {files[-1].name.partition('.')[0]}")
        browser.close()
    return 0


def _sheets(pictures: Path) -> Iterator[tuple[str, Layout, tuple[Path, ...]]]:
    by_variant: dict[str, list[Path]] = {}
    for file in sorted(pictures.glob("*.png")):
        by_variant.setdefault(file.suffixes[-2][1:], []).append(file)
    for variant, files in by_variant.items():
        layout = LAYOUTS[variant.rpartition("-")[2]]
        parts = itertools.batched(files, layout.columns * layout.rows)
        for number, part in enumerate(parts, 1):
            yield f"{variant}-{number:02}.png", layout, part


def _draw(page: Any, layout: Layout, files: tuple[Path, ...], to: Path) -> None:
    """Draw one sheet; of a page that is too high its beginning, and its caption tells."""
    figures = "".join(_figure(file, layout) for file in files)
    grid = f"main {{ grid-template-columns: repeat({layout.columns}, {layout.width}px); }}"
    limit = f"div {{ max-height: {layout.height}px; }}"
    source = to.with_suffix(".html")
    source.write_text(
        f"<!doctype html><meta charset=utf-8><style>{STYLE}{grid}{limit}</style>"
        f"<main>{figures}</main>",
        encoding="utf-8",
    )
    page.goto(source.as_uri())
    page.locator("body").screenshot(path=to)
    source.unlink()


def _figure(file: Path, layout: Layout) -> str:
    width, height = struct.unpack(">II", file.read_bytes()[16:24])
    shown = min(1, layout.height * width / (height * layout.width))
    cut = f" (its first {shown:.0%})" if shown < 1 else ""
    name = html.escape(file.name.partition(".")[0])
    return (
        f'<figure><figcaption>{name}{cut}</figcaption><div><img src="{file.as_uri()}"></div>'
        "</figure>"
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
