"""Jobs inside one process: what the row says, whatever the function does."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

import job_kinds
import pytest
from django.core import checks
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import get_language
from django_tasks_db.models import DBTaskResult

from linyin.lake import BadInput, Finding, Where
from linyin.platform.actor import Actor
from linyin.platform.jobs import again, cancel, enqueue, job
from linyin.platform.models import Job, Person, WorkerBeat
from linyin.platform.work import kinds
from linyin.platform.work.endings import STOPPING, LeaseLost
from linyin.platform.work.lease import JobLease, claim
from linyin.platform.work.rescue import take_up
from linyin.platform.work.run import run
from linyin.platform.work.schedule import ask_for_due

OPERATOR = Actor(None, "cli", is_operator=True)
pytestmark = pytest.mark.usefixtures("workspace")


@pytest.fixture
def declare(monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))
    return lambda function, **options: job(function.__name__, **options)(function)


@pytest.fixture
def ask(declare):
    def asked(function, arguments=(), *, actor=OPERATOR, attempts=3, **options):
        declare(function, attempts=attempts)
        return enqueue(actor, function.__name__, dict(arguments), **options)

    return asked


def after(job):
    run(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_runs_once_and_says_what_it_returned(ask):
    calls = []

    def work(context, number):
        calls.append(number)
        context.log("看")
        return {"number": number}

    done = after(ask(work, {"number": 3}))
    run(done.pk)

    assert (done.state, done.result, done.attempt, done.error) == ("done", {"number": 3}, 1, None)
    assert done.ended_at >= done.began_at
    assert [line.text for line in done.lines.all()] == ["看"]
    assert calls == [3]


def test_the_queue_is_given_the_id_and_nothing_else(ask):
    asked = ask(lambda_job, {"secret": "x"})

    (task,) = DBTaskResult.objects.all()
    assert task.args_kwargs == {"args": [str(asked.pk)], "kwargs": {}}
    assert task.pk == asked.delivery


def lambda_job(context, secret):
    return None


def test_a_job_is_asked_for_only_if_its_transaction_is_committed(declare):
    declare(lambda_job)

    def broken():
        with transaction.atomic():
            enqueue(OPERATOR, "lambda_job", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_an_unknown_kind_is_refused(ask):
    with pytest.raises(KeyError):
        enqueue(OPERATOR, "nothing", {})


def test_one_key_is_one_job_until_it_is_over(ask):
    first = ask(lambda_job, {"secret": 1}, key="a")

    assert enqueue(OPERATOR, "lambda_job", {"secret": 2}, key="a").pk == first.pk
    assert enqueue(OPERATOR, "lambda_job", {"secret": 2}, key="b").pk != first.pk
    assert Job.objects.count() == DBTaskResult.objects.count() == 2
    after(first)
    assert enqueue(OPERATOR, "lambda_job", {"secret": 2}, key="a").pk != first.pk


def test_long_keys_that_differ_at_their_end_are_two_jobs(ask):
    def sleep(context):
        pass

    key = "x" * 200

    first, other = ask(sleep, key=f"{key}1"), ask(sleep, key=f"{key}2")

    assert first.pk != other.pk
    assert ask(sleep, key=f"{key}1").pk == first.pk


def test_what_somebody_waits_for_goes_first_and_what_comes_anyway_last(declare):
    def chore(context):
        pass

    def report(context):
        pass

    def preview(context):
        pass

    declare(chore, every=timedelta(days=1))
    declare(report)
    declare(preview, is_awaited=True)
    asked = {name: enqueue(OPERATOR, name, {}) for name in ("chore", "report", "preview")}

    names = {str(job.delivery): name for name, job in asked.items()}
    queued = [names[str(result.id)] for result in DBTaskResult.objects.filter(id__in=names).ready()]
    assert queued == ["preview", "report", "chore"]


def test_a_job_acts_as_who_asked_in_their_language_within_their_token(ask):
    person = Person.objects.create_user("li@example.org", name="李", language="zh-hans")
    seen = []

    def who(context):
        seen.append((context.actor, get_language()))

    after(ask(who, actor=Actor(person, "api", frozenset({"jobs.view"}))))

    ((actor, language),) = seen
    assert actor == Actor(person, "job", frozenset({"jobs.view"}))
    assert not actor.is_operator
    assert language == "zh-hans"


def test_bad_input_is_kept_as_findings_and_not_tried_again(ask):
    finding = Finding("number-broken", "error", Where("a.xlsx", "用电", 4, "B"), {"value": "x"})

    def refuse(context):
        raise BadInput([finding])

    failed = after(ask(refuse))

    assert (failed.state, failed.attempt) == ("failed", 1)
    assert [Finding.from_dict(f) for f in failed.error["findings"]] == [finding]


def test_a_fault_of_the_program_is_a_number_for_people_and_a_traceback_in_the_log(ask, caplog):
    def broken(context):
        raise ZeroDivisionError("the password is 123")

    with caplog.at_level(logging.ERROR):
        failed = after(ask(broken))

    (found,) = failed.error["findings"]
    assert (found["code"], found["fields"]) == ("job-broken", {"job": str(failed.pk)})
    assert "123" not in str(failed.error)
    assert "ZeroDivisionError" in caplog.text
    assert not DBTaskResult.objects.exclude(traceback="").exists()


def test_a_result_that_is_no_json_is_a_fault(ask):
    assert after(ask(returns_a_set)).error["findings"][0]["code"] == "job-broken"


def returns_a_set(context):
    return {1}


def test_a_database_that_went_away_is_tried_again_later_and_not_for_ever(ask):
    def away(context):
        raise OperationalError("server closed the connection")

    asked = ask(away, attempts=2)
    waiting = after(asked)
    assert (waiting.state, waiting.attempt) == ("waiting", 1)
    assert DBTaskResult.objects.get(pk=waiting.delivery).run_after > timezone.now()

    failed = after(waiting)
    assert (failed.state, failed.attempt) == ("failed", 2)
    assert failed.error["findings"][0]["code"] == "job-database-away"


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(ask):
    asked = ask(lambda_job, {"secret": 1})

    assert cancel(asked)
    assert after(asked).state == "cancelled"
    assert asked.attempt == 0
    assert not cancel(asked)


def test_a_running_job_ends_at_its_next_checkpoint(ask):
    reached = []

    def work(context):
        cancel(context.job)
        time.sleep(1.1)
        context.checkpoint()
        reached.append("after")

    ended = after(ask(work))

    assert (ended.state, reached) == ("cancelled", [])


def test_a_stopped_worker_gives_its_job_back_without_an_attempt(ask):
    def work(context):
        context.checkpoint()

    asked = ask(work)
    STOPPING.set()
    try:
        given_back = after(asked)
    finally:
        STOPPING.clear()

    assert (given_back.state, given_back.attempt, given_back.worker) == ("waiting", 0, "")
    assert after(given_back).state == "done"


def test_progress_is_written_at_most_once_a_second_and_the_last_is_kept(ask):
    writes = []

    def work(context):
        with CaptureQueriesContext(connection) as captured:
            end = time.monotonic() + 1.5
            number = 0
            while time.monotonic() < end:
                number += 1
                context.step("rows", number, 10_000)
                time.sleep(0.001)
        writes.extend(q for q in captured if q["sql"].startswith("UPDATE"))
        context.step("rows", 10_000, 10_000)

    done = after(ask(work))

    assert len(writes) == 2
    assert (done.step, done.done, done.total) == ("rows", 10_000, 10_000)


def test_what_is_done_once_is_not_done_by_the_next_attempt(ask):
    def work(context):
        context.once("make", job_kinds.make_person)
        if context.job.attempt == 1:
            raise OperationalError
        return context.once("make", job_kinds.make_person)

    done = after(after(ask(work)))

    assert (done.attempt, done.result, Person.objects.count()) == (2, "P 1", 1)


def test_what_is_done_once_leaves_nothing_when_it_breaks(ask):
    def work(context):
        def half():
            job_kinds.make_person()
            raise ValueError

        context.once("make", half)

    assert after(ask(work)).kept == {}
    assert not Person.objects.exists()


def test_of_many_claims_one_wins(ask):
    asked = ask(lambda_job, {"secret": 1})
    start, won = threading.Barrier(8), []

    def rival(number):
        try:
            start.wait()
            if claim(asked.pk, str(number)) is not None:
                won.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=rival, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    asked.refresh_from_db()
    assert (asked.attempt, asked.worker) == (1, str(won[0]))


def test_a_lease_is_renewed_while_its_worker_lives(ask, settings):
    settings.JOB_LEASE_SECONDS = 0.6
    seen = []

    def work(context):
        time.sleep(1.5)
        seen.append(claim(context.job.pk, "rival"))

    assert after(ask(work)).state == "done"
    assert seen == [None]


def test_who_lost_the_lease_writes_nothing_more(ask, settings):
    asked = ask(lambda_job, {"secret": 1})
    mine = JobLease(claim(asked.pk, "mine"))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    JobLease(claim(asked.pk, "other")).write(step="other")

    with pytest.raises(LeaseLost):
        mine.write(step="mine")
    with pytest.raises(LeaseLost):
        mine.require()

    asked.refresh_from_db()
    assert (asked.step, asked.worker, asked.attempt) == ("other", "other", 2)


def test_a_function_whose_lease_was_lost_does_nothing_once(ask):
    def work(context):
        Job.objects.update(attempt=7)
        context.once("make", job_kinds.make_person)

    left = after(ask(work))

    assert (left.state, Person.objects.count()) == ("running", 0)


def expire(job):
    claim(job.pk, "dead")
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_whose_worker_died_is_brought_to_another(ask):
    asked = ask(lambda_job, {"secret": 1})
    expire(asked)

    assert (take_up(), take_up()) == (1, 0)
    done = after(asked)
    assert (done.state, done.attempt) == ("done", 2)


def test_a_job_whose_worker_lives_is_left_alone(ask):
    claim(ask(lambda_job, {"secret": 1}).pk, "alive")

    assert take_up() == 0


def test_a_job_that_kills_its_workers_fails_in_the_end_and_can_be_begun_anew(ask):
    asked = ask(lambda_job, {"secret": 1}, attempts=2)
    for _ in range(2):
        expire(asked)
        take_up()

    asked.refresh_from_db()
    assert asked.state == "failed"
    assert asked.error["findings"][0]["fields"] == {"times": 2}
    assert again(asked)
    assert after(asked).state == "done"
    assert not again(asked)


def test_a_cancelled_job_whose_worker_died_is_not_begun_again(ask):
    asked = ask(lambda_job, {"secret": 1})
    expire(asked)
    cancel(asked)

    assert take_up() == 0
    asked.refresh_from_db()
    assert asked.state == "cancelled"


@pytest.mark.parametrize("state", ["RUNNING", "FAILED", "gone"])
def test_a_job_whose_delivery_was_lost_is_delivered_again(ask, state):
    asked = ask(lambda_job, {"secret": 1})
    past = timezone.now() - timedelta(minutes=1)
    Job.objects.update(made_at=past)
    assert take_up() == 0
    if state == "gone":
        DBTaskResult.objects.all().delete()
    else:
        DBTaskResult.objects.update(status=state, started_at=past)

    assert (take_up(), take_up()) == (1, 0)
    asked.refresh_from_db()
    assert DBTaskResult.objects.get(pk=asked.delivery).status == "READY"


def test_a_scheduled_job_is_asked_for_once_a_span(declare, monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", {})
    declare(lambda_job, every=timedelta(days=10_000))

    assert len(ask_for_due()) == 1
    assert ask_for_due() == []
    (asked,) = Job.objects.all()
    assert asked.is_operator
    Job.objects.update(state="done")
    assert ask_for_due() == []
    Job.objects.update(key="every:0")
    assert len(ask_for_due()) == 1


def test_cleaning_up_takes_what_is_old_and_leaves_what_is_not(ask):
    long_ago = timezone.now() - timedelta(days=30)
    done = after(ask(lambda_job, {"secret": 1}))
    scheduled = after(enqueue(OPERATOR, "clean-up", {}, key="every:1"))
    Job.objects.filter(pk__in=[done.pk, scheduled.pk]).update(ended_at=long_ago)
    DBTaskResult.objects.update(status="RUNNING", enqueued_at=long_ago)
    WorkerBeat.objects.create(name="old", seen_at=long_ago)

    cleaned = after(enqueue(OPERATOR, "clean-up", {}))

    assert cleaned.result == {"tasks": 2, "jobs": 1, "uploads": 0, "exports": 0}
    assert set(Job.objects.all()) == {done, cleaned}
    assert not WorkerBeat.objects.exists()


@pytest.mark.parametrize("backend", ["immediate.ImmediateBackend", "dummy.DummyBackend"])
def test_a_queue_that_runs_jobs_in_the_request_is_refused(settings, monkeypatch, backend):
    from django.core import mail

    settings.TASKS = {"default": {"BACKEND": f"django.tasks.backends.{backend}"}}
    monkeypatch.delattr(mail, "outbox")

    assert [error.id for error in checks.run_checks()] == ["linyin.E001"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_job_and_every_step_of_the_platform_has_words(language):
    import re
    from pathlib import Path

    import linyin.platform
    from linyin.platform.words import words

    ours = {n for n, k in kinds.kinds().items() if k.function.__module__.startswith("linyin.")}
    source = "".join(
        p.read_text("utf-8") for p in Path(linyin.platform.__file__).parent.rglob("*.py")
    )
    steps = set(re.findall(r'context\.step\(\s*"([\w.-]+)"', source))

    assert {n for n in ours if f"jobs.kind.{n}" not in words()} == set()
    assert {s for s in steps if f"job.step.{s}" not in words() and s not in words()} == set()
    assert len(steps) > 5
