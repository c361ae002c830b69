"""Visits of pages in a browser, and what must hold of every page that is visited."""

from __future__ import annotations

import csv
import itertools
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from codes import NAME, values, written_codes

HERE = Path(__file__).parent
AXE = HERE / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {"desk": (1280, 800), "phone": (390, 844)}
# In order of their appearance: UUID, moment in time as machines write it, key of words.
RAW = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b\d{4}-\d\d-\d\dT\d\d:\d\d|\bNone\b|\{\{|\{%"
)
WATCH = """
window.linyinSeen = {violations: [], shift: 0};
addEventListener("securitypolicyviolation", (e) =>
  linyinSeen.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) linyinSeen.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
# Elements that are wider than the window and not inside something that scrolls by itself.
WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (e) => e && e !== document.body
    && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 0.5 && !scrolls(e.parentElement))
    .map((e) => e.outerHTML.slice(0, 120)).concat(`${document.documentElement.scrollWidth} px`);
}"""
EMPTY_CHARTS = """() => [...document.querySelectorAll("[data-chart]")]
  .filter((e) => e.querySelectorAll("svg path, svg text").length < 3).map((e) => e.dataset.chart)"""
DRAWN = """() => [...document.querySelectorAll("[data-chart]")]
  .every((e) => e.querySelectorAll("svg path").length > 2)
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")"""
# Events of violations come in order, some after what caused them is over: one of our own is the
# last, and all before it are forgotten.
FORGET = """() => new Promise((done, failed) => {
  const own = document.createElement("style");
  const waited = setTimeout(() => failed(new Error("no policy refuses an inline style")), 5000);
  own.addEventListener("securitypolicyviolation", () => setTimeout(() => {
    clearTimeout(waited);
    own.remove();
    linyinSeen.violations.length = 0;
    done();
  }));
  own.textContent = "/* the last */";
  document.head.append(own);
})"""
# A word cut off without an ellipsis or a way to scroll to the rest of it.
CLIPPED = """() => [...document.querySelectorAll("main *, header *, nav *")].filter((e) => {
  const hasText = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
  if (!hasText) return false;
  if (e.closest(".visually-hidden, .skeleton") || !e.checkVisibility()) return false;
  const style = getComputedStyle(e), cuts = ["hidden", "clip"];
  const isCutBelow = cuts.includes(style.overflowY) && e.scrollHeight > e.clientHeight + 1
    && !style.webkitLineClamp.match(/[0-9]/);
  const isCutBeside = cuts.includes(style.overflowX) && style.textOverflow !== "ellipsis"
    && e.scrollWidth > e.clientWidth + 1;
  return isCutBelow || isCutBeside;
}).map((e) => e.outerHTML.slice(0, 120))"""
# A column that is seen only by who scrolls a table sideways.
LOST_COLUMNS = """() => [...document.querySelectorAll(".table-frame > .grid-scroll")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.ariaLabel}: ${e.scrollWidth} px of columns in ${e.clientWidth} px`)"""

# Texts that another element lies on, in a window that is as high as the page.
# What is meant to cover the page while it is open.
OVERLAYS = "dialog[open], .menu[open], .chip[open], .toast-part"
COVERED = """() => {
  const found = [];
  const shown = document.querySelector("dialog[open]") ?? document.body;
  const canScroll = document.documentElement.scrollHeight > innerHeight;
  const isFixed = (e) => e && (/fixed|sticky/.test(getComputedStyle(e).position)
    || isFixed(e.parentElement));
  const walk = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const e = text.parentElement;
    if (!text.data.trim() || e.closest("svg, script, option, dialog:not([open])")) continue;
    if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (e.closest(".visually-hidden, .skip") || getComputedStyle(e).clipPath !== "none") continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const [box] = range.getClientRects();
    if (!box || box.width < 4 || box.height < 4) continue;
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    let isCut = false;
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up), edge = up.getBoundingClientRect();
      if (style.overflow !== "visible" && (x < edge.left || x > edge.right || y < edge.top
        || y > edge.bottom)) isCut = true;
      if (style.pointerEvents === "none") isCut = true;
    }
    if (isCut) continue;
    const top = document.elementFromPoint(x, y);
    if (top?.matches("input[type=file]") || (canScroll && isFixed(top))) continue;
    if (top && !top.contains(e) && !e.contains(top)
        && !(top.closest("label, a, button, summary")?.contains(e)))
      found.push(`${text.data.trim().slice(0, 40)} under ${top.outerHTML.slice(0, 100)}`);
  }
  return found;
}"""
# Texts as they stand in the page, in charts and in what is read aloud, apart from those marked as
# code.
TECHNICAL = """() => {
  const found = {plain: [], code: []};
  const spoken = ["title", "aria-label", "aria-description", "placeholder", "alt"];
  for (const e of document.querySelectorAll(spoken.map((n) => `[${n}]`).join()))
    if (e.checkVisibility() && !e.closest("code, pre"))
      found.plain.push(...spoken.map((n) => e.getAttribute(n)).filter(Boolean));
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const e = text.parentElement;
    if (e.closest("script, style, pre, kbd, textarea, template")) continue;
    if (e.checkVisibility()) found[e.closest("code") ? "code" : "plain"].push(text.data);
  }
  return found;
}"""
OPEN_ALL = """() => {
  const closed = [...document.querySelectorAll("main details:not([open], .menu)")];
  for (const e of closed) e.open = true;
  return closed.length;
}"""
OPEN_MENU = """(number) => {
  const menus = [...document.querySelectorAll("main details.menu")];
  const menu = menus.filter((e) => e.checkVisibility())[number];
  if (menu) { menu.open = true; menu.querySelector("summary").focus(); }
  return Boolean(menu);
}"""


@dataclass(frozen=True)
class Variant:
    """How a page is looked at."""

    language: str
    look: str
    device: str

    def __str__(self) -> str:
        return f"{self.language}-{self.look}-{self.device}"


ALL = [Variant(*v) for v in itertools.product(("zh", "en"), ("light", "dark"), WIDTHS)]
FEW = [Variant("zh", "light", "desk"), Variant("en", "dark", "phone")]
# LINYIN_UI: `all`, or the ways by name with blanks between them.
_ASKED = os.environ.get("LINYIN_UI", "")
VARIANTS = ALL if _ASKED == "all" else [v for v in ALL if str(v) in _ASKED.split()] or FEW


@cache
def pictures() -> Path:
    """Folder of the screenshots: of all pages where it is named, else of those with faults."""
    named = os.environ.get("LINYIN_PICTURES")
    folder = Path(named) if named else Path(tempfile.mkdtemp(prefix="linyin-pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def axe() -> str:
    """The source of axe-core, as its manifest has it."""
    with (AXE.parent / "manifest.csv").open(encoding="utf-8") as file:
        assert [row["file"] for row in csv.DictReader(file)] == [AXE.name]
    return AXE.read_text(encoding="utf-8")


@dataclass
class Visitor:
    """Somebody with a browser, perhaps signed in. `page` is Playwright's."""

    page: Any
    origin: str
    variant: Variant
    problems: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    codes: frozenset[str] = field(default_factory=written_codes)
    has_names: bool = False
    awaited: set[Any] = field(default_factory=set)
    left: set[Any] = field(default_factory=set)
    is_leaving: bool = False

    def watch(self) -> None:
        """Note what goes wrong from now on: console, requests to others, failed requests."""
        self.page.add_init_script(WATCH)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfinished", lambda r: self.awaited.discard(r))
        self.page.on("requestfailed", self._failed)
        self.page.on("framenavigated", self._arrived)

    def _console(self, message: Any) -> None:
        """Note errors and warnings.

        Violations of the policy are noted by the page, in whose order axe's own are told apart:
        the console tells of them at any time later.
        """
        is_status = message.text.startswith("Failed to load resource") and self.expected
        is_policy = "violates the following Content Security Policy directive" in message.text
        if message.type in ("error", "warning") and not is_status and not is_policy:
            self.problems.append(f"console: {message.text}")

    def _failed(self, request: Any) -> None:
        self.awaited.discard(request)
        if request in self.left:  # who goes to another page breaks off what this one asks
            return
        self.problems.append(f"failed: {request.url} {request.failure}")

    def _arrived(self, frame: Any) -> None:
        if frame == self.page.main_frame:
            self.is_leaving = False

    def _request(self, request: Any) -> None:
        if self.is_leaving and not request.is_navigation_request():
            self.left.add(request)
        else:
            self.awaited.add(request)
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(self.origin + "/"):
            self.problems.append(f"outside: {request.url}")

    def visit(self, path: str, *, status: int = 200, name: str = "") -> Any:
        """Open a page and check all that must hold of it."""
        self.expected = {status} - {200}
        self.left, self.awaited, self.is_leaving = self.awaited, set(), True
        response = self.page.goto(self.origin + path, wait_until="load")
        assert response.status == status, f"{path}: {response.status}"
        self.settle()
        self.check(name or path)
        return self.page

    def settle(self) -> None:
        """Wait until charts are drawn and answers are in.

        Raises
        ------
        TimeoutError
            If a request has no answer in 30 s.

        """
        self.page.wait_for_function(DRAWN)
        end = time.monotonic() + 30
        while self.awaited:
            if time.monotonic() > end:
                raise TimeoutError(", ".join(request.url for request in self.awaited))
            self.page.wait_for_timeout(20)
            self.page.wait_for_function(DRAWN)

    def check(self, name: str, within: str = "") -> None:
        """Check the page as it stands now, or what lies over it.

        Raises
        ------
        AssertionError
            If anything does not hold; it names all of it.

        """
        page, found = self.page, list(self.problems)
        seen = page.evaluate("linyinSeen")
        found += [f"CSP: {text}" for text in seen["violations"]]
        if seen["shift"] >= 0.1:
            found.append(f"layout shift of {seen['shift']:.3f}")
        found += [f"wider than the window: {html}" for html in page.evaluate(WIDE)]
        found += [f"clipped: {html}" for html in page.evaluate(CLIPPED)]
        found += [f"columns lost: {table}" for table in page.evaluate(LOST_COLUMNS)]
        found += [f"empty chart: {chart}" for chart in page.evaluate(EMPTY_CHARTS)]
        texts = page.evaluate(TECHNICAL)
        raw = values() - self.codes
        if self.variant.language == "en":  # a word of English may be a value
            raw = {value for value in raw if "_" in value}
        if not self.has_names:
            said = [text.strip() for text in texts["plain"] + texts["code"]]
            found += [f"value: {text}" for text in said if text in raw]
        for text in texts["plain"]:
            found += [f"raw text: {m.group()}" for m in RAW.finditer(text)]
            found += [
                f"technical name: {m.group()} in {text.strip()[:80]}"
                for m in NAME.finditer(text)
                if m.group() not in self.codes and not self.has_names
            ]
        spoken = page.get_attribute("html", "lang")
        if spoken != {"zh": "zh-Hans", "en": "en"}[self.variant.language]:
            found.append(f"language {spoken}")
        found += self._axe(within)
        with self._whole():
            if not within and not page.locator(OVERLAYS).count():
                found += [f"covered: {text}" for text in page.evaluate(COVERED)]
            drawn = found or "LINYIN_PICTURES" in os.environ
            picture = self._picture(name) if drawn else ""
        page.evaluate(FORGET)  # axe and the camera try inline styles
        assert not found, f"{name} ({self.variant}), {picture}:\n" + "\n".join(found)
        self.problems.clear()

    def explore(self, name: str) -> None:
        """Open what the content opens and point at a chart: all must be as clean as the page."""
        page = self.page
        for number, area in enumerate(page.locator("main [data-chart]").all()):
            area.scroll_into_view_if_needed()
            area.hover()
            page.wait_for_timeout(100)
            self.check(f"{name} at chart {number}", within="[data-chart]")
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")
        if page.evaluate(OPEN_ALL):
            self.check(f"{name} with all open")
        for number in itertools.count():
            if not page.evaluate(OPEN_MENU, number):
                break
            self.check(f"{name} with menu {number}", within="details.menu[open]")
            page.keyboard.press("Escape")
        for number in range(page.locator("main [data-opens]").count()):
            opener = page.locator("main [data-opens]").nth(number)
            if opener.is_visible():
                opener.click()
                self.check(f"{name} with dialog {number}", within="dialog[open]")
                page.keyboard.press("Escape")

    def _axe(self, within: str) -> Iterator[str]:
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(axe())
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        result = self.page.evaluate(
            "([within, options]) => axe.run(within || document, options)", [within, options]
        )
        for violation in result["violations"]:
            for node in violation["nodes"]:
                yield f"axe {violation['id']}: {node['html'][:160]} {node['failureSummary']}"

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Make the window high enough for the whole page."""
        width, height = WIDTHS[self.variant.device]
        whole = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": max(height, whole)})
        yield
        self.page.set_viewport_size({"width": width, "height": height})

    def _picture(self, name: str) -> Path:
        file = re.sub(r"\W+", "-", name).strip("-") or "home"
        path = pictures() / f"{file}.{self.variant}.png"
        self.page.screenshot(path=path, caret="initial", animations="allow")
        return path


@contextmanager
def visitor(browser: Any, origin: str, variant: Variant, session: str = "") -> Iterator[Visitor]:
    """A browser of one's own that looks at pages in one way."""
    width, height = WIDTHS[variant.device]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale={"zh": "zh-CN", "en": "en-GB"}[variant.language],
        color_scheme=variant.look,
        reduced_motion="reduce",
        has_touch=variant.device == "phone",
        service_workers="allow",
    )
    if session:
        name, _, value = session.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": origin}])
    someone = Visitor(context.new_page(), origin, variant)
    someone.watch()
    try:
        yield someone
    finally:
        context.close()
