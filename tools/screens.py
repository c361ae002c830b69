"""Take the pictures of the web app for the guides: `tools/screens.py FOLDER`.

FOLDER is where the example enterprise is written and served from, as `linyin demo` does; beside it
it is served once more with the room of the guide `add-a-room`. The pictures go to the guides, in
both languages, and to docs/img/web.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TESTS: Final = Path(__file__).parent.parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "docs")]

SWITCH: Final = ("PYTHONPATH", "LINYIN_ROOMS")
PORT: Final = 8611
AT: Final = f"http://127.0.0.1:{PORT}"
GUIDES: Final = Path("src/linyin/platform/guides")
OF_DOCS: Final = Path("docs/img/web")
# Languages of the guides, and what a browser asks for that wants them.
LANGUAGES: Final = {"en": "en-GB", "zh": "zh-CN"}


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it: name of the file, person, address, width."""

    name: str
    person: str
    path: str
    width: int = 1280
    height: int = 860


PICTURES: Final = (
    Picture("home-office", "lin", "/"),
    Picture("home-entry", "chen", "/?year=2023", 390, 780),
    Picture("grid", "chen", "/inventory/entry/NJ-YUHUA/?year=2023"),
    Picture("compare", "lin", "/inventory/runs/{run}/compare/"),
    Picture("entry", "lin", "/inventory/runs/{run}/entries/"),
    Picture("approvals", "wang", "/inventory/runs/{run}/approvals/"),
    Picture("factors", "lin", "/inventory/factors/?q=electricity+guangdong"),
    Picture("governance", "zhao", "/strategy/governance/"),
    Picture("home-verifier", "meyer", "/"),
    Picture("home-machine", "zhou", "/"),
)
OF_ROOM: Final = (
    Picture("room-form", "chen", "/enablement/trees/new/"),
    Picture("room-list", "chen", "/enablement/trees/"),
)
TREES: Final = """tag,node,species,planted,height
T-001,NJ-YUHUA,camphor,2019-03-12,7.5
T-002,NJ-YUHUA,ginkgo,2021-11-05,4.2
T-003,NJ-YUHUA,plane,2016-04-01,11
"""


def main(folder: str) -> int:
    """Serve the example, take every picture, stop the server; return an exit code."""
    from guide_room import make_room
    from playwright.sync_api import sync_playwright

    from browser import ARGUMENTS, chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with _served(folder, {}):
            for language in LANGUAGES:
                for picture in PICTURES:
                    _take(browser, picture, language, GUIDES / language / "img")
        with tempfile.TemporaryDirectory() as beside:
            room = make_room(Path(beside), Path(folder).absolute() / "workspace")
            with _served(str(Path(beside) / "example"), {n: room[n] for n in SWITCH}):
                _bring_in_trees(browser)
                for picture in OF_ROOM:
                    _take(browser, picture, "en", OF_DOCS)
        browser.close()
    return 0


@contextmanager
def _served(folder: str, environment: Mapping[str, str]) -> Iterator[None]:
    linyin = str(Path(sys.executable).with_name("linyin"))
    command = [linyin, "demo", folder, "--port", str(PORT)]
    server = subprocess.Popen(command, env=os.environ | environment)
    try:
        _await_answer(server)
        yield
    finally:
        server.terminate()
        server.wait(60)


def _bring_in_trees(browser: Browser) -> None:
    context = browser.new_context(locale="en-GB")
    page = _signed_in(context.new_page(), "chen")
    page.goto(f"{AT}/enablement/trees/import/")
    file = {"name": "trees.csv", "mimeType": "text/csv", "buffer": TREES.encode()}
    page.set_input_files("main input[type=file]", file)
    page.click("main form button[type=submit]")
    page.click("main form button.btn-primary[type=submit]")
    page.wait_for_url(f"{AT}/enablement/trees/**")
    context.close()


def _signed_in(page: Page, person: str) -> Page:
    page.goto(AT)
    page.locator(f'button[value="{person}@demo.invalid"]').click()
    page.wait_for_url(f"{AT}/")
    return page


def _await_answer(server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the example is not served")
        try:
            with urllib.request.urlopen(AT, timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise SystemExit("the example did not answer within ten minutes")


def _take(browser: Browser, picture: Picture, language: str, folder: Path) -> None:
    size = {"width": picture.width, "height": picture.height}
    locale = LANGUAGES[language]
    context = browser.new_context(viewport=size, locale=locale, color_scheme="light")
    page = _signed_in(context.new_page(), picture.person)
    path = picture.path
    if "{run}" in path:
        page.goto(f"{AT}/inventory/runs/")
        link = page.locator('main tr:has-text("2023") a[href*="/inventory/runs/"]').first
        address = str(link.get_attribute("href")).partition("?")[0]
        path = path.format(run=address.rstrip("/").rpartition("/")[2])
    answer = page.goto(AT + path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{picture.name}: {path} is not there")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    page.screenshot(path=folder / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
