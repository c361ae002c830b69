"""Jobs of the tests, and a worker that knows them: `python job_kinds.py`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from linyin.platform.bootstrap import start

if __name__ == "__main__":
    start()

from django.conf import settings

from linyin.platform.jobs import job
from linyin.platform.models import Person

STEPS = ("read", "sql", "file", "wait", "end")


def note(text):
    """Append a line, as a witness that something was done at all."""
    with (settings.WORKSPACE.root / "witness").open("a") as file:
        file.write(text + "\n")


@job("careful", attempts=9)
def careful(context, die_at=""):
    """Do things in SQL and in a file, each once; die at a step, in the first attempt."""

    def at(step):
        context.step(step, STEPS.index(step), len(STEPS))
        note(f"{context.job.attempt} {step}")
        if step == die_at and context.job.attempt == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    at("read")
    name = context.once("person", make_person)
    at("sql")
    size = context.keep("file", write_file)
    at("file")
    at("wait")
    at("end")
    return {"person": name, "size": size}


def make_person():
    number = Person.objects.count() + 1
    return Person.objects.create_user(f"p{number}@example.org", name=f"P {number}").name


def write_file():
    part = settings.WORKSPACE.root / "result.partial"
    part.write_text("result")
    return part.replace(settings.WORKSPACE.root / "result").stat().st_size


@job("slow")
def slow(context, seconds=60.0):
    """Work until the time is over or somebody ends it."""
    end = time.monotonic() + seconds
    note(f"begin {os.getpid()}")
    while time.monotonic() < end:
        context.step("wait", 1, 2)
        time.sleep(0.05)
    context.keep("end", lambda: note("end"))


@job("count")
def count(context, number):
    note(f"number {number}")
    time.sleep(0.01)


if __name__ == "__main__":
    from linyin.platform.work.worker import main

    main()

HERE = Path(__file__)
