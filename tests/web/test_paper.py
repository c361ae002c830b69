"""What pages are on paper."""

from __future__ import annotations

import pymupdf
import pytest
from visits import VARIANTS


@pytest.mark.parametrize("role", ["committee", "carbon_office", "reader"])
def test_a_home_is_one_page_that_says_what_it_is_of(role, example):
    come = example.visitor(role, VARIANTS[0])
    page = come.page
    page.goto(example.origin + "/")
    come.settle()
    subject = page.inner_text(".page-words > p")
    page.emulate_media(media="print")

    paper = pymupdf.open(stream=page.pdf(format="A4", prefer_css_page_size=True))

    page.emulate_media(media="screen")
    printed = "".join(paper[0].get_text().split())
    assert len(paper) == 1
    assert "".join(subject.split()) in printed
    assert "".join(page.inner_text(".figure-headline .number").split()) in printed
    assert "待办事项" not in printed
