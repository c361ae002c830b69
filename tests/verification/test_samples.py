"""Drawing: the same seed, the same entries, on a locked run of the engagement; following them."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied

from linyin.cli.app import app
from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)


def codes(refused):
    return [finding.code for finding in refused.value.findings]


def test_a_sample_is_what_the_command_line_draws_from_the_same_seed(house):
    house.lock()
    sample = house.draw(seed="2024-03-01", size=4)

    arguments = ["sample", str(house.run.path), "--seed", "2024-03-01", "--size", "4", "--json"]
    printed = CliRunner().invoke(app, arguments)
    assert printed.exit_code == 0
    drawn = json.loads(printed.stdout)
    kept = {item.entry: float(Fraction(item.probability)) for item in sample.items.all()}
    assert kept == {item["entry"]: item["probability"] for item in drawn["items"]}
    assert len(kept) == 4
    assert int(sample.population_mg) == drawn["population_mg"]


def test_a_kept_sample_is_drawn_again_to_the_same_entries_and_chances(house):
    from linyin.inventory.web.verification.drawing import is_same

    house.lock()
    for plan in (
        {"method": "pps"},
        {"method": "stratified", "strata": "site"},
        {"method": "simple"},
        {"method": "pps", "size": None},
    ):
        sample = house.draw(**plan)
        assert is_same(sample)
        assert sample.run_hash == house.run.entries_hash
        assert sample.seed in sample.described_en
        sample.seed = "another"
        assert not is_same(sample)


def test_without_a_size_the_materiality_sets_it(house):
    from linyin.inventory import Inventory, draw_sample, sample_candidates

    house.lock()
    sample = house.draw(size=None)

    weights = {one.id: one.weight for one in sample_candidates(Inventory(house.run.path))}
    tolerable = round(sum(weights.values()) * 5 / 100)
    drawn = draw_sample(weights, seed="7", materiality=tolerable, confidence=0.95)
    assert int(sample.materiality_mg) == tolerable
    assert {item.entry for item in sample.items.all()} == {item.id for item in drawn.items}


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"method": "simple", "size": None}, "verification-size-missing"),
        ({"size": 1000}, "verification-size"),
        ({"population": "reversals"}, "verification-nothing-to-draw"),
        ({"method": "guess"}, "verification-value"),
        ({"seed": " "}, "verification-text-missing"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(house, plan, code):
    from linyin.inventory.web.models import Sample

    house.lock()
    with pytest.raises(BadInput) as refused:
        house.draw(**plan)
    assert codes(refused) == [code]
    assert not Sample.objects.exists()


def test_nothing_is_drawn_from_a_draft_or_a_run_beside_the_engagement(house):
    with pytest.raises(BadInput) as refused:
        house.draw()
    assert codes(refused) == ["verification-run-open"]

    beside = house.lock(house.runs["A", 2022])
    with pytest.raises(BadInput) as refused:
        house.draw(run=beside)
    assert codes(refused) == ["verification-run-not-engaged"]


def test_nobody_else_draws_or_notes_results(house):
    from linyin.inventory.web.verification.actions import tick_item
    from linyin.inventory.web.verification.draws import draw_sample

    house.lock()
    item = house.draw().items.first()
    for person in (house.ben, house.office):
        actor = house.actor(person)
        with pytest.raises(PermissionDenied):
            draw_sample(actor, house.engagement, run=house.run, method="pps", seed="1", size=1)
        with pytest.raises(PermissionDenied):
            tick_item(actor, item, version=item.version, verdict="verified")
    item.refresh_from_db()
    assert item.verdict == ""


def test_what_following_shows_is_noted_and_in_the_audit_trail(house):
    from linyin.inventory.web.verification.actions import tick_item
    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent

    house.lock()
    sample = house.draw()
    anna = house.actor(house.anna)
    first, second, third, _ = sample.items.all()
    tick_item(anna, first, version=first.version, verdict="verified")
    tick_item(
        anna,
        second,
        version=second.version,
        verdict="misstated",
        difference_t=Decimal("1.5"),
        note="meter read wrongly",
    )
    tick_item(anna, third, version=third.version, verdict="no_evidence", note="page 3 is missing")

    assert second.difference_mg == 1_500_000_000
    assert second.ticked_by == house.anna
    told = AuditEvent.objects.filter(subject="inventory.sampleitem", key=str(second.pk)).get()
    assert told.after["verdict"] == "misstated"
    assert AuditEvent.objects.filter(subject="inventory.sample", key=str(sample.pk)).count() == 1
    assert not list(verify())


def test_a_misstatement_needs_its_amount_and_a_doubt_its_reason(house):
    from linyin.inventory.web.verification.actions import tick_item

    house.lock()
    item = house.draw().items.first()
    anna = house.actor(house.anna)
    for said, code in (
        ({"verdict": "misstated", "note": "x"}, "verification-difference-missing"),
        ({"verdict": "misstated", "difference_t": Decimal(1)}, "verification-note-missing"),
        ({"verdict": "no_evidence"}, "verification-note-missing"),
        ({"verdict": "fine"}, "verification-value"),
    ):
        with pytest.raises(BadInput) as refused:
            tick_item(anna, item, version=item.version, **said)
        assert codes(refused) == [code]


def test_coverage_and_projection_are_those_of_the_drawn_entries(house):
    from linyin.inventory.web.verification.progress import RunProgress

    house.lock()
    sample = house.draw()
    house.tick(sample, "misstated", difference_t=Decimal(2), note="x")

    progress = RunProgress.of(house.engagement, house.run)
    items = list(sample.items.all())
    booked = sum(item.weight_mg for item in items)
    assert progress.coverage == pytest.approx(booked / int(sample.population_mg))
    expected = sum(2 * 10**9 / Fraction(item.probability) for item in items)
    assert progress.projected_mg == round(expected)
    assert progress.open_items == 0


def test_more_runs_of_an_engagement_ask_no_more_queries(house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from linyin.inventory.web.verification.home import verification_tasks

    def asked():
        with CaptureQueriesContext(connection) as queries:
            tasks = list(verification_tasks(house.actor(house.anna)))
        return len(queries), [task.title for task in tasks]

    house.lock()
    house.draw()
    of_one, told = asked()
    second = house.runs["A", 2022]
    house.engagement.runs.add(second)
    house.lock(second)
    house.draw(run=second)
    of_two, told_of_two = asked()

    assert len(told) == 1
    assert len(told_of_two) == 2
    assert of_two == of_one


def test_who_has_prepared_or_approved_a_run_does_not_verify_it(house):
    from linyin.inventory.web.models import RunRecord

    house.lock()
    RunRecord.objects.filter(pk=house.run.pk).update(prepared_by=house.anna)
    house.run.refresh_from_db()

    with pytest.raises(BadInput) as refused:
        house.draw()
    assert codes(refused) == ["verification-not-independent"]


def test_a_run_that_is_calculated_anew_takes_its_engagement_along(house):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunRecord

    old = house.run
    (new,) = calculate(house.actor(house.office), "A", [2023])

    assert list(house.engagement.runs.all()) == [new]
    assert not RunRecord.objects.filter(pk=old.pk).exists()


def test_a_run_with_papers_stays_when_it_is_unlocked_and_calculated_anew(house):
    from linyin.inventory.web.actions import unlock_run
    from linyin.inventory.web.calculating import calculate

    old = house.lock()
    sample = house.draw()
    unlock_run(house.actor(house.office), old, comment="a bill was missing")
    (new,) = calculate(house.actor(house.office), "A", [2023])

    old.refresh_from_db()
    assert old.state == "superseded"
    assert set(house.engagement.runs.all()) == {old, new}
    assert sample.run == old
    assert old.path.is_dir()


def test_a_job_draws_from_a_large_run_what_is_drawn_from_a_small_one_at_once(house, monkeypatch):
    from linyin.inventory.web.models import Sample
    from linyin.platform.models import AuditEvent
    from linyin.platform.work.run import run as run_job

    house.lock()
    at_once = house.draw()
    monkeypatch.setattr("linyin.inventory.web.verification.draws.AT_ONCE", 0)
    asked = house.draw()
    assert (asked.kind, Sample.objects.count()) == ("inventory.draw", 1)
    assert house.draw() == asked  # a second click asks for nothing new

    run_job(asked.pk)
    asked.refresh_from_db()
    drawn = Sample.objects.get(pk=asked.result["sample"])
    plain = ("method", "seed", "size", "population_count", "population_mg", "run_hash",
             "described_en", "described_zh", "drawn_by_id", "confidence")  # fmt: skip
    assert [getattr(drawn, n) for n in plain] == [getattr(at_once, n) for n in plain]
    items = [list(s.items.values_list("entry", "probability")) for s in (drawn, at_once)]
    assert items[0] == items[1] != []
    told = AuditEvent.objects.filter(action="inventory.draw_sample")
    assert [event.key for event in told.order_by("number")] == [str(at_once.pk), str(drawn.pk)]
    opened = house.client(house.anna).get(f"/home/jobs/{asked.pk}/")
    assert f"/samples/{drawn.pk}/" in opened.content.decode()


def test_a_job_draws_nothing_of_a_run_that_was_unlocked_meanwhile(house, monkeypatch):
    from linyin.inventory.web.actions import unlock_run
    from linyin.inventory.web.models import Sample
    from linyin.platform.work.run import run as run_job

    house.lock()
    monkeypatch.setattr("linyin.inventory.web.verification.draws.AT_ONCE", 0)
    asked = house.draw()
    unlock_run(house.actor(house.office), house.run, comment="a bill came")

    run_job(asked.pk)
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert asked.error["findings"][0]["code"] == "verification-run-open"
    assert not Sample.objects.exists()


def test_a_job_says_that_its_run_was_calculated_anew_meanwhile(house, monkeypatch):
    from linyin.platform.work.run import run as run_job

    house.lock()
    monkeypatch.setattr("linyin.inventory.web.verification.draws.AT_ONCE", 0)
    asked = house.draw()
    asked.arguments["plan"]["run"] = 999_999_999
    asked.save()

    run_job(asked.pk)
    asked.refresh_from_db()
    assert asked.error["findings"][0]["code"] == "verification-run-gone"
