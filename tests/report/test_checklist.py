"""The checklist: complete, and each rule falls with what it asks for."""

from dataclasses import replace

import pytest

from linyin.inventory.report.checklist import answer, load_items, missing
from linyin.inventory.report.model import (
    Boundary,
    Exclusion,
    GasAmount,
    Label,
    Line,
    ReportModel,
    Screening,
)
from linyin.inventory.report.page import ORDER
from linyin.inventory.report.rules import RULES
from linyin.inventory.report.sections import SECTIONS
from linyin.inventory.report.tables import Context
from linyin.inventory.report.topics.boundary import exclusions_table

from .sample import model


def states(given: ReportModel) -> dict[str, str]:
    return {found.item.item: found.state for found in answer(given)}


def identity(given: ReportModel, **changes: object) -> ReportModel:
    return replace(given, identity=replace(given.identity, **changes))


def boundary(given: ReportModel, **changes: object) -> ReportModel:
    return replace(given, boundary=replace(given.boundary, **changes))


def test_every_letter_of_clause_9_3_1_stands_once():
    letters = [i.clause.split()[-1] for i in load_items() if i.standard.startswith("ISO")]
    assert letters == list("abcdefghijklmnopqrst")


def test_every_rule_is_used_and_every_item_has_one():
    assert {item.rule for item in load_items()} == set(RULES)


def test_items_have_distinct_names():
    names = [item.item for item in load_items()]
    assert len(names) == len(set(names))


def test_an_empty_report_lacks_what_it_lacks():
    full = model()
    empty = ReportModel(
        replace(full.identity, description=Label(), responsible=""), Boundary(), lines=()
    )
    found = states(empty)
    assert found["iso-a"] == found["iso-b"] == found["iso-e"] == "missing"
    assert found["iso-o"] == found["iso-q"] == found["iso-r"] == "missing"
    assert found["iso-c"] == "present"
    assert "present" not in {found[i] for i in found if i.startswith("s3")}


TAKEN_AWAY = {
    "iso-a": lambda m: identity(m, description=Label()),
    "iso-b": lambda m: identity(m, responsible=""),
    "iso-c": lambda m: identity(m, end=m.identity.begin),
    "iso-d": lambda m: replace(m, entities=()),
    "iso-e": lambda m: boundary(m, significance_criteria=Label()),
    "iso-f": lambda m: replace(m, lines=tuple(replace(x, gases=()) for x in m.lines)),
    "iso-g": lambda m: boundary(m, biogenic_treatment=Label()),
    "iso-i": lambda m: replace(m, exclusions=(Exclusion(Label("boiler"), Label()),)),
    "iso-j": lambda m: replace(m, lines=tuple(x for x in m.lines if x.line < "2")),
    "iso-k": lambda m: replace(m, years=()),
    "iso-l": lambda m: replace(m, base_year=replace(m.base_year, policy=Label())),
    "iso-n": lambda m: replace(m, methods=tuple(replace(x, change=Label()) for x in m.methods)),
    "iso-o": lambda m: replace(m, factors=(replace(m.factors[0], licence=""),)),
    "iso-p": lambda m: replace(m, uncertainty=m.uncertainty[:1]),
    "iso-q": lambda m: replace(m, uncertainty=m.uncertainty[1:]),
    "iso-s": lambda m: identity(m, verification=Label()),
    "iso-t": lambda m: identity(m, gwp_source=""),
    "ghgp-2": lambda m: replace(m, screening=()),
    "ghgp-4": lambda m: replace(m, lines=tuple(x for x in m.lines if x.line[0] != "2")),
    "ghgp-7": lambda m: replace(m, years=m.years[:1]),
    "ghgp-8": lambda m: replace(m, base_year=replace(m.base_year, assessed=False)),
    "s2-1": lambda m: replace(m, lines=tuple(x for x in m.lines if x.scope2_method != "market")),
    "s2-3": lambda m: replace(m, instruments=(replace(m.instruments[0], technology=""),)),
    "s2-4": lambda m: replace(m, instruments=(replace(m.instruments[0], meets_criteria=None),)),
    "s2-5": lambda m: replace(m, scope2=(replace(m.scope2[0], residual=Label()),)),
    "s2-6": lambda m: boundary(m, scope2_tracking_method=""),
    "s3-4": lambda m: replace(m, screening=m.screening[:-1]),
    "s3-5": lambda m: replace(m, screening=tuple(replace(x, reason=Label()) for x in m.screening)),
    "s3-6": lambda m: replace(m, base_year=replace(m.base_year, rationale=Label())),
    "s3-8": lambda m: replace(m, lines=tuple(replace(x, quality=None) for x in m.lines)),
    "s3-10": lambda m: replace(m, lines=tuple(replace(x, supplier_share=None) for x in m.lines)),
}


@pytest.mark.parametrize("item", sorted(TAKEN_AWAY))
def test_what_is_taken_away_is_missing(item):
    full = model()
    assert states(full)[item] == "present"
    assert states(TAKEN_AWAY[item](full))[item] == "missing"


def test_what_nobody_decided_or_has_no_data_is_left_out_without_a_reason():
    silent = replace(model(), exclusions=(), findings=())
    undecided = Screening("3.8", "undecided", None, 0.0)

    assert states(silent)["ghgp-11"] == states(silent)["iso-i"] == "not_applicable"
    for open_ in (
        replace(silent, findings=model().findings),
        replace(silent, screening=(*silent.screening, undecided)),
    ):
        assert states(open_)["ghgp-11"] == states(open_)["iso-i"] == "missing"


def test_the_exclusions_say_what_is_left_open():
    undecided = tuple(Screening(line, "undecided", None, 0.0) for line in ("3.8", "3.9"))
    open_ = replace(model(), exclusions=(), screening=undecided)

    told = exclusions_table(Context.of(open_, "en")).empty

    assert "No exclusion was declared" in told
    assert "3.8, 3.9" in told
    assert "no data (findings: 1)" in told


def test_removals_apply_only_where_there_are_some():
    assert states(model())["iso-h"] == "present"
    assert states(replace(model(), removals=()))["iso-h"] == "not_applicable"


def test_gases_that_do_not_add_up_to_their_line_are_missing():
    line = Line("1.1", "", 1, 100, (GasAmount("co2", 99, 99),))
    assert states(replace(model(), lines=(line,)))["iso-f"] == "missing"


def test_conformity_is_claimed_only_when_nothing_else_of_the_standard_is_missing():
    full = model()
    reasoned = replace(
        full,
        methods=tuple(replace(m, reason=Label("why")) for m in complete_methods(full)),
    )
    assert missing(answer(reasoned), "ISO") == []
    lacking = identity(reasoned, responsible="")
    assert {i.item for i in missing(answer(lacking), "ISO")} == {"iso-b", "iso-r"}


def complete_methods(full: ReportModel):
    first = full.methods[3]
    return [replace(first, line=x.line, scope2_method=x.scope2_method) for x in full.lines]


def test_every_section_stands_once_in_the_order_of_the_report():
    assert len(set(ORDER)) == len(ORDER)
    assert set(ORDER) == set(SECTIONS)


def test_every_key_that_an_item_names_is_one_of_linyin_toml():
    from linyin.inventory.config import _SECTIONS

    named = {key for item in load_items() for key in item.keys}
    assert len(named) > 8
    for key in named:
        section, _, name = key.partition(".")
        assert name in _SECTIONS[section], key


def test_a_missing_item_names_the_key_that_fills_it_in():
    from linyin.inventory.report.annex import checklist_table
    from linyin.inventory.report.tables import Context

    given = replace(model(), identity=replace(model().identity, responsible=""))
    (found,) = [one for one in answer(given) if one.item.item == "iso-b"]
    (row,) = checklist_table(Context.of(given, "en"), "", [found]).rows
    assert row.cells[-1] == "to fill in: linyin.toml report.responsible"


def test_a_base_year_that_is_chosen_but_not_at_hand_is_to_be_calculated():
    from linyin.inventory.report.annex import checklist_table
    from linyin.inventory.report.tables import Context

    given = replace(model(), years=())
    (found,) = [one for one in answer(given) if one.item.item == "iso-k"]
    (row,) = checklist_table(Context.of(given, "en"), "", [found]).rows
    assert f"--year {given.base_year.year}" in row.cells[-1]
