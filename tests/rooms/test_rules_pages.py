"""The rules of a workspace: shown in words, changed by version and with a reason, never for runs
that are there."""

from __future__ import annotations

import pytest

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)

CHANGE = "/inventory/rules/change/"
TABLES = ("policies.residual", "policies.alternatives", "uncertainty", "crosswalk", "exclusions")


@pytest.fixture
def office(enterprise):
    return enterprise.client("carbon_office")


def form_of(client) -> dict:
    """What the form sends when nobody touches it, but for the reason."""
    answer = client.get(CHANGE)
    form = answer.context["form"]
    sent = {
        name: form.initial.get(name) for name in form.fields if form.initial.get(name) is not None
    }
    for table in TABLES:
        rows = enumerate(sent.pop(table), 1)
        sent |= {f"{table}-{n}-{part}": v for n, row in rows for part, v in row.items()}
    sent = {
        name: "\n".join(value) if name in ("factors.waived", "columns.ignored") else value
        for name, value in sent.items() if value is not False
    }  # fmt: skip
    return sent | {"version": answer.context["version"], "reason": "decided by the committee"}


def facts_of(client) -> dict:
    """What the page tells, under whatever heading."""
    groups = client.get("/inventory/rules/").context["groups"]
    return {label: value for _, facts in groups for label, value in facts}


def config():
    from linyin.inventory.web.models import Settings

    return Settings.objects.get().config


@pytest.mark.parametrize(
    ("language", "label", "value"),
    [("en", "Consolidation", "Operational control"), ("zh-hans", "合并方法", "运营控制权")],
)
def test_rules_are_told_in_words(enterprise, language, label, value):
    person = enterprise.actor("carbon_office").person
    person.language = language
    person.save()

    assert facts_of(enterprise.client("carbon_office"))[label] == value


def test_a_change_is_followed_by_new_runs_and_told_with_its_reason(enterprise, office):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.models import AuditEvent

    calculate(enterprise.actor("carbon_office"), "A", [2023])
    before, sent = config(), form_of(office)

    answer = office.post(CHANGE, sent | {"inventory.approach": "equity_share"})
    calculate(enterprise.actor("carbon_office"), "A", [2023])

    assert (answer.status_code, answer["Location"]) == (302, "/inventory/rules/")
    runs = RunRecord.objects.order_by("pk").values_list("approach", flat=True)
    assert list(runs) == ["operational_control", "equity_share"]
    after = config()
    assert after["inventory"].pop("approach") == "equity_share"
    before["inventory"].pop("approach", None)
    assert after == before
    event = AuditEvent.objects.filter(action="inventory.change_rules").get()
    assert event.reason == "decided by the committee"
    assert event.before["config"]["inventory"].get("approach") != "equity_share"
    assert event.after["config"]["inventory"]["approach"] == "equity_share"
    assert "changed the rules" in office.get("/inventory/rules/").content.decode()


def test_rules_of_several_rows_are_tables(office):
    sent, before = form_of(office), config()
    assert sent["policies.residual-1-market"] == "CN"
    stated = {
        "policies.residual-1-policy": "grid average",
        "policies.residual-2-market": "AE", "policies.residual-2-policy": "excluding traded",
        "policies.alternatives-1-line": "3.4", "policies.alternatives-1-method": "spend",
        "policies.alternatives-2-line": "3.4", "policies.alternatives-2-method": "distance",
        "uncertainty-1-input": "measured", "uncertainty-1-half_width": "3",
        "uncertainty-2-input": "lifetime", "uncertainty-2-half_width": "12.5",
        "crosswalk-1-line": "3.5", "crosswalk-1-category": "6",
        "policies.carbon_table": "B",
    }  # fmt: skip

    answer = office.post(CHANGE, sent | stated)

    assert answer.status_code == 302, answer.context["form"].errors
    kept = config()
    assert kept["policies"] == before.get("policies", {}) | {
        "residual": {"CN": "grid average", "AE": "excluding traded"},
        "alternatives": {"3.4": ["spend", "distance"]},
        "carbon_table": "B",
    }
    assert kept["uncertainty"] == {"measured": 3.0, "lifetime": 12.5}
    assert kept["crosswalk"] == {"3.5": "6"}
    assert kept["factors"]["packs"] == ["mee-grid-2021-2023"]
    facts = facts_of(office)
    assert facts["measured"] == "± 3 %"
    assert facts["Residual mix by market: China"] == "average of the grid"
    again = form_of(office)
    shown = stated | {
        "policies.residual-1-market": "AE",
        "policies.residual-1-policy": "excluding traded",
        "policies.residual-2-market": "CN",
        "policies.residual-2-policy": "grid average",
        "uncertainty-1-input": "lifetime",
        "uncertainty-1-half_width": 12.5,
        "uncertainty-2-input": "measured",
        "uncertainty-2-half_width": 3.0,
    }  # fmt: skip - in the order of their names
    assert {name: again[name] for name in shown} == shown
    cleared = {n: v for n, v in again.items() if not n.startswith(TABLES)}
    office.post(CHANGE, cleared)
    assert not {"uncertainty", "crosswalk"} & config().keys()
    emptied = {"carbon_table": "B", "residual": {}}  # by default China has a row
    assert config()["policies"] == before.get("policies", {}) | emptied


def test_what_no_list_offers_stays_as_it_was_stated(enterprise, office):
    from linyin.inventory.web.models import Settings
    from linyin.inventory.web.rules.actions import change_rules

    rules = Settings.now()
    stated = {
        "uncertainty": {"my_input": 12.3456789},
        "policies": {"carbon_table": "Z", "residual": {}},
        "exclusions": [{"line": "3.1", "what": "a", "reason": "b", "estimate_t": 1234567.5}],
        "factors": {"packs": []},
    }
    change_rules(
        enterprise.actor("carbon_office"), rules, config={**config(), **stated},
        version=rules.version, reason="by a program",
    )  # fmt: skip
    before = config()

    answer = office.post(CHANGE, form_of(office) | {"base_year.reason": "the first full year"})

    assert answer.status_code == 302, answer.context["form"].errors
    after = config()
    assert after.pop("base_year") == {"reason": "the first full year"}
    before.pop("base_year", None)
    assert after == before
    assert {name: after[name] for name in stated} == stated


def test_packs_texts_and_what_is_left_out_have_fields(office):
    sent = form_of(office)
    assert sent["factors.packs"] == ["mee-grid-2021-2023"]
    row = {
        "line": "3.14",
        "what": "franchises",
        "reason": "the group has none",
        "estimate_t": "1500",
    }
    stated = {
        "factors.packs": ["mee-grid-2021-2023", "ipcc-fuels-2006"],
        "factors.waived": "one-draft\n\n another-draft ",
        "columns.ignored": "Comment",
        "report.responsible": "陈华",
        "report.scope2_tracking": "market",
        "inventory.fiscal_year_start": "04-01",
    }  # fmt: skip

    answer = office.post(
        CHANGE, sent | stated | {f"exclusions-1-{part}": text for part, text in row.items()}
    )

    assert answer.status_code == 302, answer.context["form"].errors
    assert config()["factors"] == {
        "packs": ["mee-grid-2021-2023", "ipcc-fuels-2006"],
        "waived": ["one-draft", "another-draft"],
    }  # fmt: skip
    assert config()["columns"] == {"ignored": ["Comment"]}
    assert config()["report"] == {"responsible": "陈华", "scope2_tracking": "market"}
    assert config()["exclusions"] == [row | {"estimate_t": 1500.0}]
    facts = facts_of(office)
    assert facts["Responsible"] == "陈华"
    assert facts["3.14 franchises"] == "the group has none (1,500 t CO₂e)"
    assert facts["First day of the fiscal year"] == "04-01"
    assert facts["Factor packs"] == (
        "Grid electricity of China, 2021 to 2023 (Ministry of Ecology and Environment); "
        "Fuels, IPCC 2006"
    )
    again = form_of(office)
    assert again["exclusions-1-what"] == "franchises"
    assert again["factors.waived"] == "another-draft\none-draft"
    office.post(CHANGE, {n: v for n, v in again.items() if not n.startswith("exclusions")})
    assert "exclusions" not in config()


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"base_year.year": "20"}, "base_year.year", "between 1990 and 2100"),
        ({"base_year.threshold_pct": "500"}, "base_year.threshold_pct", "Write 0 to 100"),
        ({"inventory.approach": "by mood"}, "inventory.approach", "by mood"),
        ({"reason": " "}, "reason", "required"),
        (
            {"uncertainty-1-input": "mood", "uncertainty-1-half_width": "3"},
            "uncertainty",
            "“mood” is none of those",
        ),
        ({"uncertainty-1-input": "lifetime"}, "uncertainty", "Row 1: state"),
        ({"inventory.reporter": "NOBODY"}, "inventory.reporter", "NOBODY"),
        ({"inventory.fiscal_year_start": "4/1"}, "inventory.fiscal_year_start", "MM-DD"),
        ({"factors.packs": ["no-pack"]}, "factors.packs", "no-pack"),
        ({"exclusions-1-what": "franchises"}, "exclusions", "Row 1: state “Line”"),
        (
            {"exclusions-1-what": "x", "exclusions-1-estimate_t": "much"},
            "exclusions",
            "“much” is no number",
        ),
        (
            {"uncertainty-1-input": "lifetime", "uncertainty-1-half_width": "nan"},
            "uncertainty",
            "“nan” is no number",
        ),
        (
            {
                "crosswalk-1-line": "3.5",
                "crosswalk-1-category": "6",
                "crosswalk-2-line": "3.5",
                "crosswalk-2-category": "5",
            },
            "crosswalk",
            "Row 2 says what a row above says already",
        ),
        ({"crosswalk-1-line": "3.5", "crosswalk-1-category": "7"}, "crosswalk", "“7” is none"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_changes(office, wrong, field, told):
    before, sent = config(), form_of(office) | {"base_year.reason": "the first full year"} | wrong

    answer = office.post(CHANGE, sent)

    assert answer.status_code == 422
    assert any(told in error for error in answer.context["form"].errors[field])
    assert "the first full year" in answer.content.decode()
    assert config() == before


def test_a_stale_change_is_refused_with_the_difference_in_words(office):
    first = form_of(office)
    mine = first | {"base_year.year": "2021"}
    office.post(CHANGE, first | {"inventory.gwp": "AR4-100"})

    answer = office.post(CHANGE, mine)

    assert answer.status_code == 409
    assert {row["label"]: (row["stated"], row["there"]) for row in answer.context["changed"]} == {
        "Global warming potentials": (first["inventory.gwp"], "AR4-100"),
        "Base year": ("2021", "–"),
    }
    assert config()["inventory"]["gwp"] == "AR4-100"
    assert "year" not in config().get("base_year", {})


def test_a_stale_change_that_says_the_same_is_told_too(office):
    sent = form_of(office) | {"inventory.gwp": "AR4-100"}
    office.post(CHANGE, sent)

    again = office.post(CHANGE, sent)

    assert (again.status_code, again.context["changed"]) == (409, [])
    assert "Somebody else has changed this meanwhile." in again.content.decode().replace(
        "&#x27;", "'"
    )


@pytest.mark.parametrize(
    ("role", "node", "sees", "changes"),
    [
        ("carbon_office", "G", 200, 200),
        ("carbon_office", "A", 200, 403),
        ("entity_manager", "G", 200, 403),
        ("data_owner", "A", 200, 403),
        ("committee", "G", 200, 403),
        ("reader", "A", 200, 403),
        ("verifier", "G", 403, 403),
        ("administrator", "G", 200, 403),
    ],
)
def test_who_sees_and_who_changes_the_rules(enterprise, role, node, sees, changes):
    client = enterprise.client(role, node)

    assert client.get("/inventory/rules/").status_code == sees
    assert client.get(CHANGE).status_code == changes
    assert client.post(CHANGE, {"reason": "x"}).status_code == (422 if changes == 200 else 403)


def test_the_action_needs_a_reason_and_the_version_that_was_seen(enterprise):
    from linyin.inventory.web.models import Settings
    from linyin.inventory.web.rules.actions import change_rules
    from linyin.platform.stale import Stale

    office, rules = enterprise.actor("carbon_office"), Settings.now()
    with pytest.raises(BadInput, match="say why the rules change"):
        change_rules(office, rules, config={}, version=rules.version, reason=" ")
    with pytest.raises(Stale):
        change_rules(office, rules, config={}, version=rules.version + 1, reason="x")
    for wrong, told in (
        ({"report": {"respnsible": "x"}}, "respnsible"),
        ({"inventory": 3}, r"\[inventory\]"),
        ({"uncertainty": {"lifetime": float("nan")}}, "can be kept"),
        ({"crosswalk": {"3.5": 7}}, "crosswalk.3.5"),
    ):
        with pytest.raises(BadInput, match=told):
            change_rules(office, rules, config=wrong, version=rules.version, reason="x")
    assert config() == rules.config
