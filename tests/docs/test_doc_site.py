"""The site: every link leads somewhere, nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest

from documentation import site

ROOT = Path(__file__).resolve().parent.parent.parent


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.followed: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found["id"]} if "id" in found else set()
        if tag == "a" and "href" in found:
            self.followed.append(found["href"])
        self.fetched += [found[key] for key in ("src", "srcset", "data") if key in found]
        if tag == "link":
            self.fetched.append(found["href"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    assert site.build(ROOT, target) == len(site.sources(ROOT))
    return target


def test_every_link_and_anchor_of_the_site_leads_somewhere(built: Path) -> None:
    pages = {p: _Links(p.read_text(encoding="utf-8")) for p in sorted(built.rglob("*.html"))}
    broken = []
    for page, links in pages.items():
        for href in links.followed:
            if re.match(r"[a-z]+:", href):
                continue
            path, _, anchor = href.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or (anchor and anchor not in pages[target].ids):
                broken.append(f"{page.relative_to(built)}: {href}")
    assert broken == []


def test_pages_fetch_nothing_from_elsewhere(built: Path) -> None:
    for page in built.rglob("*.html"):
        for address in _Links(page.read_text(encoding="utf-8")).fetched:
            assert not re.match(r"([a-z]+:)?//", address), (page, address)
            assert (page.parent / address).resolve().exists(), (page, address)
    assert "url(" not in (built / "style.css").read_text(encoding="utf-8")
    assert "@import" not in (built / "style.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "NOTICE"]
)
def test_links_of_the_pages_at_the_root_lead_to_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / target).exists(), target


def test_every_page_can_be_reached_from_the_menu(built: Path) -> None:
    index = _Links((built / "index.html").read_text(encoding="utf-8"))
    listed = {str(PurePosixPath(href)) for href in index.followed}
    assert {str(site.target_of(page)) for page in site.sources(ROOT)} <= listed


def test_building_again_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    site.build(ROOT, tmp_path / "site")
    for page in built.rglob("*.*"):
        assert (tmp_path / "site" / page.relative_to(built)).read_bytes() == page.read_bytes()
