"""Files of records: looked at before anything is written, taken in whole or not at all."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)
IMPORTABLE = (
    "nodes", "metrics", "allocations", "profiles", "bodies", "members", "duties", "duty-parts",
    "milestones", "own-factors", "instruments", "rates", "lines",
)  # fmt: skip
LINES = "site,code,source_type,item,unit\n"
METRICS = "node,metric,item,begin,end,value,unit\n"


def resource(name):
    from linyin.platform.resources import RESOURCES

    return RESOURCES[name]


def read(name, content, file="records.csv"):
    from linyin.platform.receiving import uploaded
    from linyin.platform.resources.intake import LIMITS, read_records

    data = content if isinstance(content, bytes) else content.encode()
    with uploaded(SimpleUploadedFile(file, data), LIMITS) as kept:
        return read_records(resource(name), kept)


def weigh(actor, name, content, file="records.csv"):
    from linyin.platform.resources import intake

    return intake.weigh(actor, resource(name), read(name, content, file))


def take_in(actor, name, content, **options):
    from linyin.platform.resources import intake

    return intake.take_in(actor, resource(name), read(name, content), **options)


def stored():
    from django.apps import apps

    counts = {m._meta.label: m._default_manager.count() for m in apps.get_models()}
    return counts, list(resource("metrics").model.objects.order_by("pk").values())


def told(found):
    """What a file does, row by row: act, and field → (before, after)."""
    return [(r.act, {c.field: (c.before, c.after) for c in r.changes}) for r in found.rows]


def codes(found):
    return [(f.code, f.at.row, f.at.column) for f in found.findings]


@pytest.fixture
def office(enterprise):
    return enterprise.actor("carbon_office")


@pytest.fixture
def filled(enterprise, office):
    """A record of everything that files make, with what is hard to write: formulas, nothing, 否."""
    from linyin.governance.web.models import Body, Duty, DutyPart, Member, Milestone
    from linyin.ledger.web.models import Instrument, OwnFactor, Rate, SourceLine
    from linyin.organization.web.models import Allocation, Node, Profile

    a, site = Node.objects.get(code="A"), Node.objects.get(code="A1")
    Node.objects.filter(code="A1").update(name_en="=1+1", name_zh="-一号厂", opened="2020-01-31")
    Allocation.objects.create(site=site, target=a, key="area", value=Decimal("0.125"))
    Allocation.objects.create(site=site, target=site, key="share", begin=date(2023, 1, 1))
    Profile.objects.create(profile="p", begin=date(2023, 1, 1), end=date(2023, 2, 1), weight=3)
    board = Body.objects.create(code="board", kind="board", name_zh="董事会", node=a)
    below = Body.objects.create(code="team", kind="other", name_en="Team", node=a, parent=board)
    Member.objects.create(body=board, person=office.person, name="Lin, Bo", role="chair")
    duty = Duty.objects.create(code="d", name_en="Do", node=a, note='says "yes",\nor no')
    DutyPart.objects.create(duty=duty, body=below, part="informed")
    Milestone.objects.create(
        node=a, year=2024, kind="other", name_en="Own step", due=date(2024, 3, 1), body=below,
        person=office.person,
    )  # fmt: skip
    OwnFactor.objects.create(
        node=a, factor_id="own-1", name_en="Gas", use="fuel", item="diesel", unit="L",
        co2_kg="2.50", data_year=2023, published=date(2024, 1, 1), publisher="Us", release="1",
        source="bill", licence="own", place="CN", state="approved",
    )  # fmt: skip
    Instrument.objects.create(
        instrument="c-1", kind="certificate", owner=a, market="CN", quantity=Decimal("12.345678"),
        begin=date(2023, 1, 1), end=date(2024, 1, 1),
    )  # fmt: skip
    Rate.objects.create(kind="vat", year=2023, value=Decimal("0.13"), source="law")
    SourceLine.objects.create(
        code="l-1", site=site, label_en="Meter", source_type="electricity", item="electricity",
        unit="kWh", responsible=office.person, needs_evidence=True,
    )  # fmt: skip


def test_all_that_people_write_by_forms_comes_by_files_or_says_why_not(enterprise):
    from linyin.platform.resources import RESOURCES

    editable = {r.name: r for r in RESOURCES.values() if r.is_editable}

    assert {n for n, r in editable.items() if r.is_importable} == set(IMPORTABLE)
    assert {n for n, r in editable.items() if r.not_imported} == {
        "grants", "standings", "destinations", "webhooks",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_taken_away_as_a_file_comes_back_as_no_news(enterprise, filled, office, kind):
    client = enterprise.client("carbon_office")
    found = {}
    for name in IMPORTABLE:
        section = resource(name).section
        answer = client.get(f"/{section}/{name}/file.{kind}")
        file = b"".join(answer.streaming_content)
        found[name] = weigh(office, name, file, f"{name}.{kind}")

    assert {n: f.findings for n, f in found.items() if f.findings} == {}
    assert {n: [r for r in told(f) if r[0] != "unchanged"] for n, f in found.items()} == {
        n: [] for n in IMPORTABLE
    }
    assert all(f.counts["unchanged"] == f.counts["rows"] > 0 for f in found.values())


def test_rows_are_new_changed_or_unchanged_and_nothing_is_written_by_looking(office):
    text = METRICS + (
        "G,revenue,,2023-01-01,2024-01-01,1000000000,CNY\nA1,heads,,2023-01-01,2024-01-01,12,1\n"
    )
    take_in(office, "metrics", text)
    before = stored()

    found = weigh(office, "metrics", text.replace(",12,", ",13.5,") + "A2,heads,,2023,2024,1,1\n")
    good = weigh(office, "metrics", text.replace(",12,", ",13.5,"))

    assert codes(found) == [("date-broken", 4, "begin"), ("date-broken", 4, "end")]
    assert told(good)[1] == ("changed", {"value": (Decimal(12), Decimal("13.5"))})
    assert good.counts == {"rows": 2, "new": 0, "changed": 1, "unchanged": 1}
    assert stored() == before


def test_a_column_that_is_not_there_states_nothing_an_empty_cell_clears(office):
    take_in(office, "nodes", "code,note\nA1,first\n")

    kept = weigh(office, "nodes", "code,name_en\nA1,One\n")
    cleared = weigh(office, "nodes", "code,note\nA1,\n")

    assert told(kept) == [("changed", {"name_en": ("", "One")})]
    assert told(cleared) == [("changed", {"note": ("first", "")})]


def test_a_commit_is_one_transaction_and_one_group_of_events(office):
    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent

    rows = "A1,heads,,2023-01-01,2024-01-01,1,1\nB1,heads,,2023-01-01,2024-01-01,1,1\n"
    take_in(office, "metrics", METRICS + rows)
    last = AuditEvent.objects.count()
    text = METRICS + (
        "A1,heads,,2023-01-01,2024-01-01,2,1\n"
        "A2,heads,,2023-01-01,2024-01-01,3,1\n"
        "B1,heads,,2023-01-01,2024-01-01,1,1\n"
    )
    found = weigh(office, "metrics", text)

    take_in(office, "metrics", text, seen=found.digest, reason="counted again")

    events = list(AuditEvent.objects.filter(number__gt=last).order_by("number"))
    assert [e.action for e in events] == [
        "organization.update_metrics", "organization.create_metrics",
        "organization.create_metrics.import",
    ]  # fmt: skip
    assert events[-1].after | {"sha256": ""} == {
        "file": "records.csv", "sha256": "", "rows": 3, "new": 1, "changed": 1, "unchanged": 1,
        "events": [last + 1, last + 2],
    }  # fmt: skip
    assert (events[0].before["value"], events[0].after["value"]) == ("1", "2")
    assert (events[0].reason, events[-1].reason) == ("counted again", "counted again")
    assert not list(verify())


def test_a_commit_that_breaks_off_keeps_nothing(office, monkeypatch):
    made = []
    create = resource("metrics").create.function

    def dies(actor, *, values):
        if made:
            raise RuntimeError("the power is off")
        made.append(values)
        return create(actor, values=values)

    monkeypatch.setattr(resource("metrics").create, "function", dies)
    before = stored()
    rows = "".join(f"A{n},heads,,2023-01-01,2024-01-01,1,1\n" for n in (1, 2))

    with pytest.raises(RuntimeError):
        take_in(office, "metrics", METRICS + rows)

    assert made
    assert stored() == before


def test_what_has_changed_since_somebody_looked_is_shown_and_not_written(office):
    from linyin.platform.resources.intake import ChangedSince

    text = METRICS + "A1,heads,,2023-01-01,2024-01-01,2,1\n"
    seen = weigh(office, "metrics", text).digest
    take_in(office, "metrics", text.replace(",2,1", ",7,1"))
    before = stored()

    with pytest.raises(ChangedSince) as changed:
        take_in(office, "metrics", text, seen=seen)

    assert told(changed.value.intake) == [("changed", {"value": (Decimal(7), Decimal(2))})]
    assert stored() == before


@pytest.mark.parametrize("other", ["new", "changed"])
def test_what_changes_between_looking_and_writing_is_not_written_over(office, other):
    from linyin.platform.resources.intake import ChangedSince, commit
    from linyin.platform.resources.intake import weigh as look

    text = METRICS + "A1,heads,,2023-01-01,2024-01-01,2,1\n"
    if other == "changed":
        take_in(office, "metrics", text.replace(",2,1", ",1,1"))
    found = look(office, resource("metrics"), read("metrics", text))
    take_in(office, "metrics", text.replace(",2,1", ",7,1"))
    before = stored()

    with pytest.raises(ChangedSince):
        commit(office, resource("metrics"), found)

    assert stored() == before


def test_every_wrong_cell_is_named_with_how_to_mend_it(office):
    from linyin.lake import render_finding

    text = "site,code,source_type,item,unit,responsible,needs_evidence,begin\n" + (
        "A1,l1,electricity,electricity,kWh,nobody,perhaps,soon\n"
        "A9,l2,sunshine,electricity,kWh,,no,\n"
        "A1,l3,electricity,electricity,furlong,,是,\n"
        "A1,,electricity,electricity,kWh,,,\n"
    )

    found = weigh(office, "lines", text)

    assert [(row, column) for _, row, column in codes(found)] == [
        (2, "begin"), (2, "needs_evidence"), (2, "responsible"), (3, "site"), (3, "source_type"),
        (4, "unit"), (5, "code"),
    ]  # fmt: skip
    texts = [render_finding(f) for f in found.findings]
    assert "“soon” is no date. Write year-month-day" in texts[0]
    assert "Write true or false" in texts[1]
    assert re.search(r"“A9” is not known here. Write one of: A, A1", texts[3])
    assert "Write one of: Stationary combustion, Mobile combustion" in texts[4]
    assert "a value is required" in texts[6]


def test_choices_flags_and_records_are_read_by_their_words_in_both_languages(office):
    from linyin.platform.words import words

    names = ("code", "site", "label_en", "source_type", "item", "unit", "responsible")
    header = ",".join(words()[f"lines.{name}"]["zh"] for name in names)
    word = words()["lines.source_type.electricity"]["zh"]
    text = f"{header},needs_evidence\n"
    text += f"l1,A1,Meter,{word},electricity,kwh,{office.person.email},是\n"

    take_in(office, "lines", text)

    line = resource("lines").model.objects.get(code="l1")
    assert (line.source_type, line.responsible, line.needs_evidence, line.unit) == (
        "electricity", office.person, True, "kWh",
    )  # fmt: skip
    assert [r[0] for r in told(weigh(office, "lines", text))] == ["unchanged"]


def test_a_record_stands_in_a_file_once_and_is_one(office):
    from linyin.organization.web.models import Metric, Node

    same = {"metric": "heads", "begin": date(2023, 1, 1), "end": date(2024, 1, 1), "unit": "1"}
    for value in (1, 2):
        Metric.objects.create(node=Node.objects.get(code="A1"), value=value, **same)
    rows = "A1,heads,,2023-01-01,2024-01-01,3,1\n" + "A2,heads,,2023-01-01,2024-01-01,3,1\n" * 2

    found = weigh(office, "metrics", METRICS + rows)

    assert codes(found) == [("record-row-of-several", 2, ""), ("record-row-twice", 4, "")]


def test_headers_that_nobody_knows_or_states_twice_are_errors_shown_ones_are_left_out(office):
    take_in(office, "nodes", "code,note\nA1,x\n")

    wrong = weigh(office, "metrics", "metric,Metric,colour\nheads,heads,red\n")
    shown = weigh(office, "own-factors", "factor_id,state\nown-9,approved\n")

    assert {c for c, _, _ in codes(wrong)} == {
        "column-unknown", "column-twice-stated", "column-missing",
    }  # fmt: skip
    assert shown.left_out == ("state",)


def test_rows_out_of_reach_are_refused_and_what_is_there_is_not_told(enterprise, office):
    take_in(office, "lines", LINES + "B1,b-1,electricity,electricity,kWh\n")
    owner = enterprise.actor("data_owner", "A")

    theirs = weigh(owner, "lines", LINES + "B1,b-2,electricity,electricity,kWh\n")
    taken = weigh(owner, "lines", LINES + "A1,b-1,electricity,electricity,MWh\n")

    assert codes(theirs) == [("code-unknown", 2, "site")]
    assert "B1" not in str(theirs.findings[0].fields["allowed"])
    assert codes(taken) == [("cell-wrong", 2, "code")]
    with pytest.raises(BadInput):
        take_in(owner, "lines", LINES + "A1,b-1,electricity,electricity,MWh\n")


def test_an_approved_factor_is_not_changed_by_a_file(enterprise, filled, office):
    found = weigh(office, "own-factors", "factor_id,co2_kg\nown-1,9\n")

    assert codes(found) == [("factor-not-open", 2, "")]


BODIES = "code,kind,name_en,parent,node\n"


def bodies_above():
    """Code → code of the body above, of all that are stored."""
    from linyin.governance.web.models import Body

    return dict(Body.objects.values_list("code", "parent__code"))


def test_a_row_names_a_record_that_another_row_makes_wherever_that_stands(office):
    text = BODIES + (
        "team,project_team,Team,unit,A\nunit,department,Unit,board,A\nboard,board,Board,,G\n"
        "other,other,Other,board,B\n"
    )

    found = weigh(office, "bodies", text)
    done = take_in(office, "bodies", text, seen=found.digest)

    assert found.findings == ()
    assert [(r.row, r.record.code) for r in found.rows] == [
        (2, "team"), (3, "unit"), (4, "board"), (5, "other"),
    ]  # fmt: skip
    assert [str(dict(told(found)[n][1])["parent"][1].code) for n in (0, 1)] == ["unit", "board"]
    assert [r.record.code for r in done.rows] == ["team", "unit", "board", "other"]
    assert bodies_above() == {"team": "unit", "unit": "board", "board": None, "other": "board"}
    assert {r[0] for r in told(weigh(office, "bodies", text))} == {"unchanged"}


def test_what_rows_name_is_as_the_file_leaves_it(office):
    take_in(office, "bodies", BODIES + "a,board,A,,G\nb,department,B,a,G\n")

    alone = weigh(office, "bodies", "code,parent\na,b\n")
    take_in(office, "bodies", BODIES + "a,board,A,b,G\nb,department,B,new,G\nnew,other,N,,G\n")

    assert codes(alone) == [("body-loop", 2, "parent")]
    assert bodies_above() == {"a": "b", "b": "new", "new": None}


def test_rows_that_name_one_another_in_a_circle_are_told_by_cell_and_keep_nothing(office):
    text = BODIES + (
        "c,other,C,a,G\na,other,A,b,G\nb,other,B,c,G\nbelow,other,Below,a,G\nself,other,S,self,G\n"
        "good,other,Good,,G\n"
    )
    before = stored()

    found = weigh(office, "bodies", text)

    assert codes(found) == [("record-rows-circle", n, "parent") for n in (2, 3, 4, 6)]
    assert [f.fields["circle"] for f in found.findings] == [
        "c → a → b → c", "a → b → c → a", "b → c → a → b", "self → self",
    ]  # fmt: skip
    assert [r.record.code for r in found.rows] == ["good"]
    with pytest.raises(BadInput):
        take_in(office, "bodies", text)
    assert stored() == before


def test_of_a_row_that_names_a_wrong_one_only_its_own_errors_are_told(office):
    text = BODIES + "board,nonsense,Board,,G\nunit,department,Unit,board,G\nx,what,X,board,G\n"

    found = weigh(office, "bodies", text)
    unknown = weigh(office, "bodies", BODIES + "unit,department,Unit,boar,G\n")

    assert codes(found) == [("code-unknown", 2, "kind"), ("code-unknown", 4, "kind")]
    assert codes(unknown) == [("code-unknown", 2, "parent")]


def post(client, name, content, **stated):
    stated |= {"file": SimpleUploadedFile(name, content)} if content else {}
    return client.post("/inventory/metrics/import/", stated)


def test_the_page_shows_what_changes_and_commits_what_was_shown(enterprise, office, settings):
    from linyin.platform.models import AuditEvent

    client = enterprise.client("carbon_office")
    take_in(office, "metrics", METRICS + "A1,heads,,2023-01-01,2024-01-01,12,1\n")
    text = METRICS + (
        "A1,heads,,2023-01-01,2024-01-01,13.5,1\nA2,heads,,2023-01-01,2024-01-01,4,1\n"
    )
    before = stored()

    shown = post(client, "m.csv", text.encode())

    page = shown.content.decode()
    assert (shown.status_code, stored()) == (200, before)
    assert "12 → 13.5" in page
    stated = dict(shown.context["stated"])
    done = post(client, "", b"", **stated, reason="counted")
    assert (done.status_code, done["Location"]) == (302, "/inventory/metrics/")
    assert AuditEvent.objects.order_by("-number").first().reason == "counted"
    assert not list(settings.WORKSPACE.uploads.iterdir())
    assert post(client, "", b"", **stated).status_code == 422


def test_a_bad_file_is_told_by_cell_and_leaves_nothing(enterprise, office, settings):
    client = enterprise.client("carbon_office")
    before = stored()

    wrong = post(client, "m.csv", (METRICS + "A9,heads,,2023-01-01,soon,many,1\n").encode())
    broken = post(client, "m.xlsx", b"PK\x03\x04 this is no workbook")
    kind = post(client, "m.exe", b"MZ")
    none = post(client, "", b"")

    assert [f.at for f in wrong.context["findings"]] == [
        f"m.csv, row 2, column {name}" for name in ("end", "node", "value")
    ]
    assert {a.status_code for a in (wrong, broken, kind, none)} == {422}
    assert stored() == before
    assert not list(settings.WORKSPACE.uploads.iterdir())


def test_what_was_looked_at_is_committed_by_nobody_else(enterprise, office):
    shown = post(enterprise.client("carbon_office"), "m.csv", (
        METRICS + "A1,heads,,2023-01-01,2024-01-01,1,1\n"
    ).encode())  # fmt: skip
    client = enterprise.client("administrator")
    before = stored()

    other = post(client, "", b"", **dict(shown.context["stated"]))

    assert other.status_code == 422
    assert stored() == before


def test_a_page_that_waited_too_long_shows_the_difference_again(enterprise, office):
    client = enterprise.client("carbon_office")
    text = METRICS + "A1,heads,,2023-01-01,2024-01-01,1,1\n"
    shown = post(client, "m.csv", text.encode())
    take_in(office, "metrics", text.replace(",1,1\n", ",5,1\n"))

    late = post(client, "", b"", **dict(shown.context["stated"]))

    assert late.status_code == 409
    assert "5 → 1" in late.content.decode()
    assert post(client, "", b"", **dict(late.context["stated"])).status_code == 302


def test_files_left_behind_go_after_a_day(enterprise, office, settings):
    import os
    import time
    from datetime import timedelta

    from linyin.platform.receiving import forget_kept

    shown = post(enterprise.client("carbon_office"), "m.csv", (
        METRICS + "A1,heads,,2023-01-01,2024-01-01,1,1\n"
    ).encode())  # fmt: skip
    assert shown.status_code == 200
    (folder,) = settings.WORKSPACE.uploads.iterdir()

    assert forget_kept(timedelta(days=1)) == 0
    os.utime(folder, (time.time() - 2 * 86400,) * 2)
    assert forget_kept(timedelta(days=1)) == 1
    assert not folder.exists()
