"""A job that writes; run as a worker that knows it."""

from __future__ import annotations

from linyin.platform.bootstrap import start

start()


def write(name):
    """Make a person and an event of the audit trail in one transaction."""
    from django.db import transaction

    from linyin.platform.actor import Actor
    from linyin.platform.audit import record_event
    from linyin.platform.models import Person

    with transaction.atomic():
        person = Person(email=f"{name}@example.org", name=name)
        person.set_unusable_password()
        person.save()
        record_event(Actor(None, "web", is_operator=True), "test.write", key=name)


def declare():
    from linyin.platform.jobs import job

    @job("write")
    def write_many(context, name, number):
        for count in range(number):
            context.step("write", count, number)
            write(f"{name}-{count}")


declare()
if __name__ == "__main__":
    from linyin.platform.work.worker import main

    main()
