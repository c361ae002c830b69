import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

import linyin
from linyin.lake.findings import SEVERITIES, Finding, Value, Where
from linyin.lake.messages import KINDS, LANGUAGES, ON_PAGE, messages, placeholders, render, terms

SOURCES = sorted(Path(linyin.__file__).parent.rglob("*.py"))


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield source, node


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    if len(call.args) > position:
        return call.args[position]
    return next((k.value for k in call.keywords if k.arg == name), None)


def codes() -> Iterator[tuple[str, str, ast.expr | None]]:
    for source, call in calls("Finding"):
        code = argument(call, 0, "code")
        if isinstance(code, ast.Constant):
            yield f"{source.name}:{call.lineno}", code.value, argument(call, 3, "fields")


@pytest.mark.parametrize(("place", "code", "fields"), list(codes()))
def test_every_code_has_a_text_and_gives_what_the_text_asks_for(place, code, fields):
    assert code in messages(), f"{place}: no messages.csv has {code}"
    if isinstance(fields, ast.Dict) and all(isinstance(k, ast.Constant) for k in fields.keys):
        given = {key.value for key in fields.keys}
        for lang in LANGUAGES:
            assert placeholders(messages()[code].texts[lang]) <= given


@pytest.mark.parametrize("message", messages().values(), ids=lambda message: message.code)
def test_both_languages_ask_for_the_same_fields(message):
    asked = {placeholders(text) for text in message.texts.values()}

    assert len(asked) == 1


@pytest.mark.parametrize("message", messages().values(), ids=lambda message: message.code)
def test_every_text_can_be_filled_in(message):
    for lang, text in message.texts.items():
        for several in (1, 2):
            fields = {
                name: "x" if spec in {*KINDS, "", "term", "source", "misfit"} else several
                for _, name, spec, _ in Formatter().parse(text)
                if name
            }
            told = render(Finding(message.code, "error", fields=fields), lang)
            assert "{" not in told, (lang, told)


def test_one_is_told_otherwise_than_several():
    fields = {"unit": "kWh", "wanted": "t", "first": "2024-01", "last": "2024-02"}
    one, two = (
        render(Finding("line-months-closed", "error", fields=fields | {"count": count}), "en")
        for count in (1, 2)
    )

    assert one.startswith("1 month is submitted")
    assert two.startswith("2 months are submitted")


@pytest.mark.parametrize("message", messages().values(), ids=lambda message: message.code)
def test_every_text_is_used(message):
    quoted = f'"{message.code.removesuffix(ON_PAGE)}"'

    assert any(quoted in source.read_text(encoding="utf-8") for source in SOURCES)


def test_a_text_for_pages_asks_for_nothing_else_and_speaks_of_no_files():
    on_page = [message for code, message in messages().items() if code.endswith(ON_PAGE)]

    assert len(on_page) > 10
    for message in on_page:
        for lang in LANGUAGES:
            beside = messages()[message.code.removesuffix(ON_PAGE)].texts[lang]
            assert placeholders(message.texts[lang]) <= placeholders(beside)
            assert not re.search(r"\.csv|\.toml|`", message.texts[lang]), message.code


def test_readers_of_pages_have_names_instead_of_codes():
    def named(kind: str, code: str, lang: str, fields: Mapping[str, Value]) -> str:
        return f"<{kind} {code} {lang} {fields['place']}>"

    fields = {"item": "flight", "technology": "far", "choices": "near, long", "place": "CN"}
    finding = Finding("factor-technology", "error", fields=fields)

    for_files, on_page = render(finding, "en"), render(finding, "zh", named)

    assert for_files.startswith("no factor for flight of the technology “far”")
    assert "factors.csv" in for_files
    assert "<item flight zh CN>" in on_page
    assert "<technology near zh CN>、<technology long zh CN>" in on_page
    assert "factors.csv" not in on_page


def test_lists_that_are_cut_and_sources_name_what_they_hold():
    def named(kind: str, code: str, lang: str, fields: Mapping[str, Value]) -> str:
        return f"<{kind} {code}>"

    fields = {"place": "AE, AT … (19)", "item": "electricity", "rows": 228}
    cut = render(Finding("residual-missing", "warning", fields=fields), "en", named)
    fields = {"source": "OSLO · electricity · heat", "months": "2023-02", "begin": "", "end": ""}
    source = render(Finding("months-missing", "warning", fields=fields), "zh", named)

    assert "for <place AE>, <place AT> … (19):" in cut
    assert source.startswith("<node OSLO> · <source_type electricity> · <item heat> ")


def test_problems_of_cells_have_texts():
    named = {
        call.args[0].value
        for _, call in calls("Problem")
        if call.args and isinstance(call.args[0], ast.Constant)
    }

    assert len(named) > 10
    assert named <= set(messages())


def test_a_message_says_where_what_and_how_to_mend():
    at = Where("activities.xlsx", "用电", 41, "quantity")
    finding = Finding("number-broken", "error", at, {"value": "abc"})

    assert render(finding) == (
        "activities.xlsx, sheet 用电, row 41, column quantity: "
        "“abc” is no number. Write digits with a decimal point, such as 1234.5."
    )
    assert render(finding, "zh") == (
        "activities.xlsx，工作表 用电，第 41 行，列 quantity："
        "“abc”不是数值。请用数字和小数点填写，如 1234.5。"
    )


def test_a_code_without_text_still_shows_its_fields():
    finding = Finding("not-in-any-table", SEVERITIES[0], Where("a.csv"), {"value": "7"})

    assert render(finding) == "a.csv: not-in-any-table (value 7)"


def test_a_field_that_is_missing_stays_visible():
    assert "{value}" in render(Finding("number-broken", "error"))


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="'fr'"):
        render(Finding("number-broken", "error"), "fr")


def test_technical_names_in_a_field_are_words_of_the_reader():
    fields = {"a": "t", "b": "Nm3", "a_is": "mass·length/year", "b_is": "gas_volume"}
    finding = Finding("unit-mismatch", "error", fields=fields)

    assert "t (mass·length/year) and Nm3 (gas volume) do not fit" in render(finding)
    assert "t（质量·长度/年）与 Nm3（气体体积）不匹配" in render(finding, "zh")


def test_every_dimension_has_words():
    from linyin.ledger.units import table

    dimensions = " ".join(atom.dimension for atom in table().atoms.values())

    assert set(re.findall(r"[a-z_0-9]{2,}", dimensions)) <= terms().keys()
