"""Take the pictures of the web app for the guides: `tools/screens.py FOLDER`.

FOLDER is where the example enterprise is written and served from, as `linyin demo` does; the
pictures go to docs/img/web.
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

PORT: Final = 8611
AT: Final = f"http://127.0.0.1:{PORT}"
TO: Final = Path("docs/img/web")


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


def main(folder: str) -> int:
    """Serve the example, take every picture, stop the server; return an exit code."""
    from playwright.sync_api import sync_playwright

    from browser import ARGUMENTS, chromium

    linyin = str(Path(sys.executable).with_name("linyin"))
    server = subprocess.Popen([linyin, "demo", folder, "--port", str(PORT)])
    try:
        _await_answer(server)
        TO.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            for picture in PICTURES:
                _take(browser, picture)
            browser.close()
    finally:
        server.terminate()
        server.wait(60)
    return 0


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


def _take(browser, picture: Picture) -> None:
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, locale="en-GB", color_scheme="light")
    page = context.new_page()
    page.goto(AT)
    page.locator(f'button[value="{picture.person}@demo.invalid"]').click()
    page.wait_for_url(f"{AT}/")
    path = picture.path
    if "{run}" in path:
        page.goto(f"{AT}/inventory/runs/")
        href = page.locator('a[href*="/inventory/runs/"]:has-text("2023")').first
        path = path.format(run=href.get_attribute("href").rstrip("/").split("/")[-1].split("?")[0])
    answer = page.goto(AT + path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{picture.name}: {path} is not there")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    page.screenshot(path=TO / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
