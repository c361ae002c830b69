"""The PDF: what is in it, in which font, and that nobody's text becomes markup."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pymupdf
import pytest

import linyin.inventory.report as room
from linyin.inventory.report.checklist import load_items
from linyin.inventory.report.glyphs import coverage, shown
from linyin.inventory.report.model import Label
from linyin.inventory.report.pdf import document
from linyin.inventory.report.texts import Texts, load_table
from linyin.inventory.report.write import write_report

from .sample import model

FOLDER = Path(room.__file__).parent
HOSTILE = '#eval("1") *x* $y$ @z <w> _v_ `u` = t / [s] #include "/etc/passwd" \\r https://q.example'


@cache
def report(lang: str, folder: Path) -> pymupdf.Document:
    return pymupdf.open(write_report(model(), folder / f"{lang}.pdf", "pdf", lang))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reports")


def text_of(pdf: pymupdf.Document) -> str:
    return "\n".join(page.get_text() for page in pdf)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_only_the_vendored_font_is_used(lang, folder):
    fonts = {
        font[3].partition("+")[2].removesuffix("-Identity-H")
        for page in report(lang, folder)
        for font in page.get_fonts()
    }
    assert fonts
    assert fonts <= {"NotoSansSC-Regular", "NotoSansSC-Bold"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_glyph_is_missing(lang, folder):
    for page in report(lang, folder):
        for span in page.get_texttrace():
            assert all(char[1] != 0 for char in span["chars"]), span


def words_of(page: pymupdf.Page) -> list[tuple[pymupdf.Rect, str]]:
    """Words of a page with their boxes, without the watermark."""
    words = [(pymupdf.Rect(word[:4]), word[4]) for word in page.get_text("words")]
    return [(box, word) for box, word in words if box.height < 90]


def core(box: pymupdf.Rect) -> pymupdf.Rect:
    """The middle of a word's box, which ink of another word must not touch."""
    margin = box.height * 0.3
    return pymupdf.Rect(box.x0 + 1, box.y0 + margin, box.x1 - 1, box.y1 - margin)


def assert_tidy(pdf: pymupdf.Document) -> None:
    """No word is outside its page's margins, none lies on another."""
    for number, page in enumerate(pdf):
        margin = 0 if number == 0 else 50
        inner = pymupdf.Rect(margin, 30, page.rect.x1 - margin, page.rect.y1 - 30)
        words = words_of(page)
        for i, (box, word) in enumerate(words):
            assert inner.contains(box), (number, word)
            for other, name in words[i + 1 :]:
                assert not core(box).intersects(core(other)), (number, word, name)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_clipped_and_no_two_words_overlap(lang, folder):
    assert_tidy(report(lang, folder))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_holds_its_main_figures_and_every_required_item(lang, folder):
    text = squeezed(text_of(report(lang, folder)))
    assert "83.07" in text
    assert "82.92" in text
    for item in load_items():
        assert squeezed(item.text.of(lang)) in text
    for factor in model().factors:
        assert squeezed(factor.name.of(lang)) in text
        assert squeezed(Texts(lang).known("publisher", factor.publisher)) in text
        assert squeezed(Texts(lang).known("licence", factor.licence)) in text
    for finding in model().findings:
        assert squeezed(finding.text.of(lang)) in text


def test_a_missing_item_prints_as_missing(folder):
    page = next(p for p in report("en", folder) if "Each gas apart" in p.get_text())
    words = page.get_text().split("\n")
    assert "missing" in words[words.index(next(w for w in words if "Each gas apart" in w)) :][:3]


def test_a_draft_says_so_on_every_page_and_a_published_report_on_none(tmp_path, folder):
    assert all("DRAFT" in page.get_text() for page in report("en", folder))
    given = model()
    published = replace(given, identity=replace(given.identity, state="published"))
    pdf = pymupdf.open(write_report(published, tmp_path / "p.pdf", "pdf", "en"))
    assert not any("DRAFT" in page.get_text() for page in pdf)
    assert "Published" in pdf[0].get_text()


def test_texts_of_users_print_verbatim(tmp_path):
    given = model()
    hostile = Label(HOSTILE, HOSTILE)
    changed = replace(
        given,
        identity=replace(given.identity, name=hostile, responsible=HOSTILE, purpose=hostile),
        factors=(replace(given.factors[0], name=hostile, source=HOSTILE),),
        sites=(replace(given.sites[0], name=hostile),),
    )
    pdf = pymupdf.open(write_report(changed, tmp_path / "h.pdf", "pdf", "en"))
    assert squeezed(text_of(pdf)).count(squeezed(HOSTILE)) >= 5
    assert pdf.metadata["title"].startswith(HOSTILE)


def test_characters_that_the_font_lacks_print_as_their_numbers(tmp_path):
    given = model()
    named = replace(given, identity=replace(given.identity, responsible="\U00020bb7田 😀"))
    pdf = pymupdf.open(write_report(named, tmp_path / "c.pdf", "pdf", "zh"))
    assert "[U+20BB7]田[U+1F600]" in squeezed(text_of(pdf))


def test_long_words_break_inside_their_cells(tmp_path):
    given = model()
    word = "averyveryverylongidentifier" * 6
    changed = replace(given, factors=(replace(given.factors[0], factor_id=word, source=word),))
    pdf = pymupdf.open(write_report(changed, tmp_path / "w.pdf", "pdf", "en"))
    assert "averyveryver" in text_of(pdf)
    assert_tidy(pdf)


def test_a_checksum_can_be_copied(folder):
    text = text_of(report("en", folder))
    assert model().identity.content_hash in text.replace("\n", "")
    assert "\u200b" not in text


def test_the_same_run_prints_the_same_bytes(tmp_path):
    one, two = (write_report(model(), tmp_path / f"{n}.pdf", "pdf", "en") for n in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_the_pdf_is_tagged_and_names_its_language(folder):
    for lang, code in (("en", "en"), ("zh", "zh")):
        pdf = report(lang, folder)
        catalog = pdf.xref_object(pdf.pdf_catalog())
        assert "/StructTreeRoot" in catalog
        assert f"({code}" in catalog


def test_charts_have_descriptions():
    charts = [b for b in document(model(), "en")["blocks"] if b["kind"] == "chart"]
    assert len(charts) == 8
    assert all(chart["alt"] for chart in charts)


def test_a_report_with_nothing_in_it_still_prints(tmp_path):
    given = model()
    bare = replace(
        given, lines=(), entities=(), sites=(), scope2=(), years=(), base_year=None,
        intensities=(), uncertainty=(), methods=(), factors=(), estimates=(), exclusions=(),
        screening=(), findings=(), instruments=(), memos=(), eliminations=(), removals=(),
    )  # fmt: skip
    pdf = pymupdf.open(write_report(bare, tmp_path / "bare.pdf", "pdf", "en"))
    assert load_table()["empty.factors"].en in text_of(pdf)


def test_fonts_are_small_and_licensed():
    for style in ("Regular", "Bold"):
        assert (FOLDER / "fonts" / f"NotoSansSC-{style}.otf").stat().st_size < 3_000_000
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "fonts" / "OFL.txt").read_text(encoding="utf-8")


def test_the_fonts_have_all_of_gb_2312_and_every_word_of_the_report():
    points = coverage()
    hanzi = [
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    ]
    assert {ord(char) for char in "".join(hanzi)} <= points
    for label in load_table().values():
        assert shown(label.en) == label.en
        assert shown(label.zh) == label.zh


def test_the_list_of_characters_is_that_of_both_fonts():
    for style in ("Regular", "Bold"):
        font = pymupdf.Font(fontfile=str(FOLDER / "fonts" / f"NotoSansSC-{style}.otf"))
        assert set(font.valid_codepoints()) >= coverage()
