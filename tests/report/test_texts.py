"""The words of reports: both languages, nothing missing, nothing left over."""

import ast
import csv
import string
from pathlib import Path

import pytest

import linyin.inventory.report as room
from linyin.inventory.diff import CAUSES
from linyin.inventory.report.checklist import load_items
from linyin.inventory.report.texts import Texts, load_table

FOLDER = Path(room.__file__).parent


def literal_keys() -> set[str]:
    """Keys that the code names outright as the argument of `texts(…)`."""
    keys = set()
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in ("texts", "sub") and isinstance(first, ast.Constant) and first.value:
                keys.add(first.value)
    return keys


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_key_stands_twice():
    with (FOLDER / "texts.csv").open(encoding="utf-8") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", sorted(load_table()))
def test_a_text_exists_in_both_languages_with_the_same_fields(key):
    label = load_table()[key]
    assert label.en.strip()
    assert label.zh.strip()
    assert placeholders(label.en) == placeholders(label.zh)


def test_every_key_that_the_code_names_exists():
    named = literal_keys()
    assert len(named) > 100
    assert named <= set(load_table())


def test_every_checklist_item_has_both_languages_and_a_section():
    sections = {key.removeprefix("section.") for key in load_table() if key.startswith("section.")}
    for item in load_items():
        assert item.text.en
        assert item.text.zh
        assert item.where in sections


def test_a_key_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        Texts("en")("no.such.key")


def test_a_code_without_a_text_prints_as_itself():
    assert Texts("zh").known("cause", "weather") == "weather"


def test_every_cause_of_a_change_has_a_long_and_a_short_name():
    for cause in CAUSES:
        assert {f"cause.{cause}", f"cause_short.{cause}"} <= set(load_table())


def test_publishers_have_their_chinese_names_in_chinese_and_others_keep_theirs():
    joint = "Ministry of Ecology and Environment of China; Somebody"
    assert Texts("zh").publishers(joint) == "生态环境部、Somebody"
    assert Texts("en").publishers(joint) == joint
