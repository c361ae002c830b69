"""Real worker processes are killed, stopped and doubled; no job is lost and none is done twice."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter

import job_kinds
import pytest

LEASE = {"LINYIN_JOB_LEASE_SECONDS": "2"}
SUPERVISE = f"""
import sys
from linyin.platform.work.serve import supervise_workers
supervise_workers(int(sys.argv[1]), command=[sys.executable, {str(job_kinds.HERE)!r}])
"""
ASK = f"""
import sys, json
sys.path.insert(0, {str(job_kinds.HERE.parent)!r})
import job_kinds
from linyin.platform.actor import Actor
from linyin.platform.jobs import enqueue
kind, arguments, times = sys.argv[1:]
for number in range(int(times)):
    given = json.loads(arguments)
    given = {{"number": number}} if given is None else given
    print(enqueue(Actor(None, "cli", is_operator=True), kind, given).pk)
"""


@pytest.fixture
def workers(other_workspace):
    started = []

    def start(number=1):
        code = "from linyin.platform.bootstrap import start; start()\n" + SUPERVISE
        child = other_workspace.popen("-c", code, number, env=LEASE, start_new_session=True)
        started.append(child)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.terminate()
        child.communicate(timeout=60)


def ask(workspace, kind, arguments, times=1):
    workspace.python(ASK, kind, json.dumps(arguments), times)


def jobs(workspace):
    return workspace.query(
        "SELECT state, attempt, step, error FROM platform_job WHERE key NOT LIKE 'every:%'"
    )


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.3)
    pytest.fail("it did not come about in time")


def over(workspace):
    now = jobs(workspace)
    return now if all(state in ("done", "failed", "cancelled") for state, *_ in now) else None


def witness(workspace):
    file = workspace.root / "witness"
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.parametrize("step", job_kinds.STEPS)
def test_a_worker_killed_at_any_step_is_replaced_and_nothing_is_done_twice(
    other_workspace, workers, step
):
    ask(other_workspace, "careful", {"die_at": step})
    workers()

    assert until(lambda: over(other_workspace)) == [("done", 2, "end", None)]

    assert other_workspace.query("SELECT name FROM platform_person") == [("P 1",)]
    assert (other_workspace.root / "result").read_text() == "result"
    first = job_kinds.STEPS[: job_kinds.STEPS.index(step) + 1]
    assert witness(other_workspace) == [f"1 {s}" for s in first] + [
        f"2 {s}" for s in job_kinds.STEPS
    ]


def test_no_job_is_run_by_two_workers_of_two_supervisors(other_workspace, workers):
    ask(other_workspace, "count", None, times=100)
    workers(2)
    workers(1)

    end = until(lambda: over(other_workspace))

    assert {(state, attempt) for state, attempt, *_ in end} == {("done", 1)}
    assert Counter(witness(other_workspace)) == {f"number {n}": 1 for n in range(100)}


def test_a_stopped_supervisor_ends_its_workers_and_the_job_waits_for_the_next(
    other_workspace, workers
):
    ask(other_workspace, "slow", {})
    first = workers()
    begun = until(lambda: witness(other_workspace))
    worker = int(begun[0].split()[1])

    first.terminate()

    _, errors = first.communicate(timeout=60)
    assert first.returncode == 0, errors
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    ((found, attempt, *_),) = jobs(other_workspace)
    assert (found, attempt) == ("waiting", 0)


def test_a_killed_supervisor_takes_its_workers_with_it(other_workspace, workers):
    ask(other_workspace, "slow", {})
    first = workers()
    worker = int(until(lambda: witness(other_workspace))[0].split()[1])

    first.kill()

    def is_gone():
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return True
        return False

    until(is_gone)


def test_a_stopped_worker_that_wakes_up_late_finds_its_job_taken(other_workspace, workers):
    ask(other_workspace, "slow", {"seconds": 1.0})
    workers(1)
    worker = int(until(lambda: witness(other_workspace))[0].split()[1])
    os.kill(worker, signal.SIGSTOP)
    try:
        workers(1)
        until(lambda: over(other_workspace))
    finally:
        os.kill(worker, signal.SIGCONT)
    time.sleep(1)

    assert witness(other_workspace).count("end") == 1
    ((found, attempt, *_),) = jobs(other_workspace)
    assert (found, attempt) == ("done", 2)


def test_pages_know_when_a_worker_was_last_seen(other_workspace, workers):
    def seen():
        return other_workspace.query("SELECT name, seen_at FROM platform_workerbeat")

    assert seen() == []
    running = workers(2)
    until(lambda: len(seen()) == 2)
    first = seen()
    until(lambda: not set(first) & set(seen()), 20)

    running.terminate()
    running.communicate(timeout=60)

    assert seen() == []
