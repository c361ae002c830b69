"""A file of records on its way: what it would change and what is wrong, on pages that hold."""

from __future__ import annotations

import csv

import pytest
from visits import VARIANTS, Visitor

HEADER = "node,metric,item,begin,end,value,unit,source\n"


def bring(come: Visitor, origin: str, tmp_path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    come.page.goto(f"{origin}/inventory/metrics/import/")
    come.page.set_input_files("input[type=file]", file)
    come.page.click("main form button[type=submit]")
    come.page.wait_for_load_state("load")
    come.settle()


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_what_a_file_would_change_is_shown(example, variant, tmp_path):
    come = example.visitor("carbon_office", variant)
    exported = come.page.request.get(f"{example.origin}/inventory/metrics/file.csv").text()
    first = next(csv.DictReader(exported.lstrip("\ufeff").splitlines()))
    changed = first | {
        "value": "1234567.5",
        "source": "人力资源部 / human resources, counted again",
    }
    text = HEADER + ",".join(changed[name] for name in HEADER.strip().split(",")[:-1])
    text += f',"{changed["source"]}"\nNJ-YUHUA,floor_area,,2031-01-01,2032-01-01,1.2,万m2,plan\n'

    bring(come, example.origin, tmp_path, "指标-2023-补充.csv", text)
    come.check("records-file-look")

    assert "→" in come.page.inner_text("main")
    assert come.page.locator("main form button[type=submit]").count() == 1


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_what_is_wrong_is_shown_and_a_mended_file_asked_for(example, variant, tmp_path):
    come = example.visitor("carbon_office", variant)
    come.expected = {422}
    text = HEADER + "NJ-YUHUA,heads,,soon,2024-01-01,many,1,HR\nnowhere,heads,,,2024-01-01,1,1,\n"

    bring(come, example.origin, tmp_path, "metrics.csv", text)
    come.check("records-file-wrong")

    assert come.page.locator("main .finding").count() == 4
    assert come.page.locator("input[type=file]").count() == 1
