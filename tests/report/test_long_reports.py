"""A report of a large enterprise on paper: nothing is printed over anything else."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest

from linyin.inventory.report.model import FindingLine, Label, ReportModel
from linyin.inventory.report.texts import Texts
from linyin.inventory.report.write import write_report

from .sample import model

MANY = 60
POINTS_PER_MM = 72 / 25.4
BOTTOM_MARGIN = 22 * POINTS_PER_MM
WATERMARK_HEIGHT = 90
LONG_EN = "Net calorific value as received, moisture and ash corrected, 95% of the supply. " * 3
LONG_ZH = "按收到基低位发热量计算，并经水分与灰分修正，覆盖百分之九十五的供应量。" * 5


def large(rows: int, words: int = 1) -> ReportModel:
    """Return the sample with as many rows in each annex, each with texts of many lines."""
    given = model()
    long = Label(LONG_EN * words, LONG_ZH * words)
    return replace(
        given,
        factors=tuple(
            replace(
                given.factors[n % len(given.factors)],
                factor_id=f"factor-of-a-long-name-{n:02}",
                name=long,
                source=LONG_EN * words,
                co2e_mg=10**9 * (rows - n),
            )
            for n in range(rows)
        ),
        methods=tuple(
            replace(
                given.methods[n % len(given.methods)],
                name=long,
                reason=long,
                formula=Label(LONG_EN),
            )
            for n in range(rows)
        ),
        instruments=tuple(
            replace(given.instruments[0], instrument=f"certificate-{n:02}", note=long)
            for n in range(rows)
        ),
        findings=tuple(FindingLine(f"finding-{n}", "warning", long) for n in range(rows)),
        exclusions=tuple(replace(given.exclusions[0], reason=long) for _ in range(rows)),
        notes=(long,),
    )


@cache
def printed(lang: str, rows: int, folder: Path) -> pymupdf.Document:
    path = folder / f"{lang}-{rows}.pdf"
    return pymupdf.open(write_report(large(rows), path, "pdf", lang))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("long")


def lines_of(page: pymupdf.Page) -> Iterator[tuple[pymupdf.Rect, str]]:
    """Give the printed lines of a page by their baselines' boxes, without the watermark."""
    for block in page.get_text("dict")["blocks"]:
        for line in block.get("lines", ()):
            spans = [span for span in line["spans"] if span["text"].strip()]
            if spans and spans[0]["size"] < WATERMARK_HEIGHT:
                # The font's box is higher than its ink: from above the x-height to the baseline.
                boxes = [
                    pymupdf.Rect(s["bbox"][0], s["origin"][1] - s["size"] * 0.5,
                                 s["bbox"][2], s["origin"][1])
                    for s in spans
                ]  # fmt: skip
                box = boxes[0]
                for other in boxes[1:]:
                    box |= other
                yield box, "".join(span["text"] for span in spans)


def assert_nothing_is_printed_over(pdf: pymupdf.Document) -> None:
    for number, page in enumerate(pdf):
        lines = list(lines_of(page))
        if number > 0:
            end = page.rect.y1 - BOTTOM_MARGIN
            below = [text for box, text in lines if box.y1 > end + 1 and box.y1 < page.rect.y1]
            footer = [text for text in below if "/" in text or text.strip().startswith("run")]
            assert len(below) <= 2, (number, below)
            assert footer, (number, below)
        for i, (box, text) in enumerate(lines):
            assert page.rect.contains(box), (number, text)
            for other, word in lines[i + 1 :]:
                assert not box.intersects(other), (number, text, word)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("rows", [18, MANY])
def test_no_line_is_printed_over_another_or_over_the_footer(lang, rows, folder):
    assert_nothing_is_printed_over(printed(lang, rows, folder))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_of_a_long_table_repeats_its_header(lang, folder):
    texts = Texts(lang)
    rows = [p.get_text() for p in printed(lang, MANY, folder) if "factor-of-a-long" in p.get_text()]
    tables = [page for page in rows if page.count("kg CO₂e/") > 1]
    assert len(tables) >= 5
    for page in tables:
        assert texts("col.factor") in page
        assert texts("col.evidence") in page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_row_of_a_long_table_is_printed_once_and_in_order(lang, folder):
    text = "\n".join(page.get_text() for page in printed(lang, MANY, folder))
    table = text[text.rindex(Texts(lang)("table.factors")) :].replace("\n", "")
    places = [table.index(f"factor-of-a-long-name-{n:02}") for n in range(MANY)]
    assert all(first < second for first, second in pairwise(places))


def test_a_row_higher_than_a_page_breaks_inside(tmp_path):
    given = large(2, words=60)
    pdf = pymupdf.open(write_report(given, tmp_path / "high.pdf", "pdf", "en"))
    assert_nothing_is_printed_over(pdf)


def test_no_page_but_the_cover_the_contents_and_the_last_is_nearly_empty(folder):
    for lang in ("en", "zh"):
        pdf = printed(lang, MANY, folder)
        for number in range(2, len(pdf) - 1):
            lowest = max(
                box.y1 for box, _ in lines_of(pdf[number])
                if box.y1 < pdf[number].rect.y1 - BOTTOM_MARGIN + 1
            )  # fmt: skip
            assert lowest > pdf[number].rect.y1 / 3, (lang, number)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_main_figure_of_the_cover_touches_no_line(lang, folder):
    page = printed(lang, 18, folder)[0]
    inks = [
        (pymupdf.Rect(span["bbox"][0], span["origin"][1] - span["size"] * 0.5,
                      span["bbox"][2], span["origin"][1] + span["size"] * 0.2), span["text"])
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", ())
        for span in line["spans"]
        if span["text"].strip() and span["size"] != 118
    ]  # fmt: skip
    (main,) = [ink for ink in inks if ink[0].height > 40]
    others = [ink for ink in inks if ink[0].height < 12]
    assert others
    assert not [text for box, text in others if box.intersects(main[0])]
