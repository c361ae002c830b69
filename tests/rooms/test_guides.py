"""The guides of the app: there in both languages, saying the same, leading somewhere."""

from __future__ import annotations

import re

import pytest

from linyin.platform import guiding

pytestmark = pytest.mark.sql
LANGUAGES = ("en", "zh")
EVERY = [(name, language) for name in guiding.GUIDES for language in LANGUAGES]


def text(name: str, language: str) -> str:
    return (guiding.FOLDER / language / f"{name}.md").read_text("utf-8")


def test_every_file_is_a_guide_and_every_guide_has_a_file_in_each_language():
    for language in LANGUAGES:
        files = {file.stem for file in (guiding.FOLDER / language).glob("*.md")}
        assert files == set(guiding.GUIDES)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_links_lead_to_guides_and_pictures_are_there_and_used(name, language):
    for target in re.findall(r"\]\(([^)]+)\)", text(name, language)):
        path = target.partition("#")[0]
        assert re.match(r"https?:", target) or (guiding.FOLDER / language / path).is_file(), target


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_stands_in_a_guide(language):
    shown = {
        p for name in guiding.GUIDES for p in re.findall(r"\(img/(\S+?)\)", text(name, language))
    }
    assert {file.name for file in (guiding.FOLDER / language / "img").iterdir()} == shown


@pytest.mark.parametrize("name", guiding.GUIDES)
def test_both_languages_have_the_same_parts_pictures_and_commands(name):
    english, chinese = text(name, "en"), text(name, "zh")
    for pattern in (r"^(#+) ", r"\((img/\S+?)\)", r"^(```\w*)$"):
        of_each = [re.findall(pattern, guide, re.MULTILINE) for guide in (english, chinese)]
        assert of_each[0] == of_each[1], pattern
    assert _code(english) == _code(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert chinese != english


def _code(guide: str) -> list[str]:
    blocks = re.findall(r"^```\w+\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s*#.*", "", block) for block in blocks]


def test_a_guide_is_a_page_in_the_readers_language(enterprise):
    client = enterprise.client("reader")
    reader = enterprise.actor("reader").person
    reader.language = "zh-hans"
    reader.save()
    answer = client.get("/help/data-owner/")
    assert answer.status_code == 200
    assert re.search(r'src="/static/linyin/guides/zh/grid\.png" [^>]*width="\d+"', answer.text)
    assert client.get("/static/linyin/guides/zh/grid.png").status_code == 200
    assert client.get("/help/nothing/").status_code == 404


def test_search_finds_guides_by_their_words(enterprise):
    assert "/help/deploy/" in enterprise.client("reader").get("/search?q=nginx").text
