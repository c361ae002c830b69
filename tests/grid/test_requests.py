"""Data requests and the mails that remind of them."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils.timezone import localdate
from test_grid_pages import client_of
from test_posting import JAN, codes, submit, type_in

from linyin.lake import BadInput
from linyin.ledger.web.models import DataRequest, Reminder
from linyin.ledger.web.reminding import remind
from linyin.ledger.web.requests import request_data, withdraw_request
from linyin.platform.tasks import tasks_of

__all__ = ["client_of"]


class Context:
    """A job's context that is never cancelled and keeps nothing."""

    def keep(self, name, function):
        return function()

    def checkpoint(self):
        pass


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = "https://carbon.example.org"
    mail.outbox = []


def ask(world, due, **more):
    stated = {
        "site": world.site,
        "begin": JAN,
        "end": date(2024, 2, 1),
        "due": due,
        "assignee": world.owner,
    }
    return request_data(world.actor(world.manager), **(stated | more))


def test_mails_go_at_once_a_week_a_day_before_and_when_overdue_each_once(world):
    due = localdate() + timedelta(days=30)
    ask(world, due)
    sent = []
    for days in range(30, -5, -1):
        remind(Context(), due - timedelta(days=days))
        remind(Context(), due - timedelta(days=days))
        if len(mail.outbox) > len(sent):
            sent.append(days)
            assert len(mail.outbox) == len(sent)

    assert sent == [30, 7, 1, -1]
    assert [m.subject.partition(":")[0] for m in mail.outbox] == [
        "Data of Heyuan campus", "In a week", "Tomorrow at the latest", "Overdue",
    ]  # fmt: skip


def test_a_request_that_is_due_at_once_sends_one_mail_not_three(world):
    ask(world, localdate() + timedelta(days=1))

    assert remind(Context(), localdate()) == 1
    assert remind(Context(), localdate()) == 0
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"asked", "week", "day"}


def test_the_mail_is_in_the_persons_language_and_links_to_the_open_month(world):
    world.owner.language = "zh-hans"
    world.owner.save()
    ask(world, localdate() + timedelta(days=20), end=date(2024, 3, 1), note="含食堂")
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")
    submit(world)
    remind(Context(), localdate())

    (message,) = mail.outbox
    assert message.to == ["owner@example.org"]
    assert "河源园区" in message.subject
    assert "2024年1月 – 2024年2月" in message.body
    assert "含食堂" in message.body
    assert "https://carbon.example.org/inventory/entry/HEYUAN/?month=2024-02" in message.body


def test_a_request_is_done_when_all_its_months_are_submitted(world):
    request = ask(world, localdate() + timedelta(days=20), end=date(2024, 3, 1))
    for month in (JAN, date(2024, 2, 1)):
        assert DataRequest.objects.get().state == "open"
        assert [task.kind for task in tasks_of(world.actor(world.owner))] == ["requests", "enter"]
        type_in(world, world.power, month, "1010")
        type_in(world, world.gas, month, "50")
        submit(world, month)

    assert DataRequest.objects.get(pk=request.pk).state == "done"
    (left,) = tasks_of(world.actor(world.owner))
    assert (left.kind, left.detail) == ("enter", "Mar – Dec")
    assert remind(Context(), localdate() + timedelta(days=40)) == 0


def test_months_that_are_over_and_not_in_wait_for_who_enters_them_alone(world):
    (task,) = tasks_of(world.actor(world.owner))

    assert (task.kind, task.detail) == ("enter", "Jan – Dec")
    assert task.title == "Heyuan campus: 12 months of 2024 to enter"
    assert task.href == "/inventory/entry/HEYUAN/?month=2024-01"
    for person in (world.manager, world.reader):
        assert tasks_of(world.actor(person)) == []


def test_a_withdrawn_request_reminds_nobody(world):
    withdraw_request(world.actor(world.manager), ask(world, localdate()))

    assert remind(Context(), localdate()) == 0


@pytest.mark.parametrize(
    ("days", "wrong", "code"),
    [(-1, {}, "request-due-past"), (0, {"end": JAN}, "request-without-month")],
)
def test_a_request_that_cannot_be_answered_is_refused(world, days, wrong, code):
    with pytest.raises(BadInput) as error:
        ask(world, localdate() + timedelta(days=days), **wrong)
    assert codes(error) == [code]


def test_only_who_may_enter_the_data_can_be_asked(world):
    with pytest.raises(BadInput) as error:
        ask(world, localdate(), assignee=world.stranger)
    assert codes(error) == ["request-assignee"]


def test_the_page_asks_and_says_beside_the_field_what_is_wrong(world, client_of):
    client = client_of(world.manager)
    data = {
        "site": world.site.pk,
        "first": "2024-02",
        "last": "2024-01",
        "due": localdate(),
        "assignee": world.owner.pk,
        "note": "",
    }

    answer = client.post("/inventory/requests/new/", data)
    assert answer.status_code == 422
    assert "The last month is before the first" in answer.content.decode()
    assert not DataRequest.objects.exists()
    answer = client.post("/inventory/requests/new/", data | {"last": "2024-03"})
    assert answer.status_code == 302
    made = DataRequest.objects.get()
    assert (made.begin, made.end, made.made_by) == (
        date(2024, 2, 1),
        date(2024, 4, 1),
        world.manager,
    )
    assert client_of(world.owner).get("/inventory/requests/new/").status_code == 403
