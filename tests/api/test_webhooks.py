"""Webhooks: told once, signed, tried again, and never led into the own network."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import re
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from linyin.platform.hooks.addresses import AddressRefused, checked_addresses, is_public, post

SECRET = "a secret of the receiver"


@contextmanager
def receiver(*statuses: int, location: str = ""):
    """A server that keeps what it is sent and answers with one status after the other."""
    kept: list[tuple[dict, bytes]] = []
    answers = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.append((dict(self.headers), body))
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hook(company):
    """Make a webhook of E (or another node) to an address inside the own network."""
    from linyin.organization.web.models import Node
    from linyin.platform.models import Destination, Webhook

    def made(url: str, events: str = "run.calculated", node: str = "E", **fields) -> Webhook:
        destination, _ = Destination.objects.get_or_create(
            name=url, url=url, defaults={"purpose": "test", "is_internal": True}
        )
        return Webhook.objects.create(
            name=url, destination=destination, node=Node.objects.get(code=node),
            events=events, secret=SECRET, **fields,
        )  # fmt: skip

    return made


def run_jobs(kind: str = "webhooks.deliver") -> int:
    """Run what waits of a kind, as a worker would whose clock is ahead."""
    from linyin.platform.models import Job
    from linyin.platform.work.run import run

    waiting = list(Job.objects.filter(kind=kind, state="waiting"))
    for job in waiting:
        run(job.pk)
    return len(waiting)


def calculate(node: str = "E"):
    from company import OPERATOR

    from linyin.inventory.web.calculating import calculate as of

    return of(OPERATOR, node, [2023])[0]


def test_an_event_is_told_with_a_signature_that_the_receiver_can_check(hook):
    from linyin.platform.models import Delivery

    with receiver(204) as (url, kept):
        hook(url)
        run = calculate()
        run_jobs()

    (headers, body), = kept  # fmt: skip
    stamp, signature = (part.partition("=")[2] for part in headers["Linyin-Signature"].split(","))
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    told = json.loads(body)
    assert (told["event"], told["node"]) == ("run.calculated", "E")
    assert told["data"]["run"] == run.pk
    assert "totals" not in told["data"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == ("done", 204, 1)
    assert headers["Linyin-Delivery"] == told["id"] == str(delivery.pk)


def test_only_what_was_asked_for_is_told(hook):
    from linyin.platform.models import Delivery

    hook("http://127.0.0.1:1/a", events="run.published")
    hook("http://127.0.0.1:1/b", node="F")
    hook("http://127.0.0.1:1/c", is_active=False)
    above = hook("http://127.0.0.1:1/d", node="G", events="run.published, run.calculated")
    calculate()

    assert [delivery.webhook for delivery in Delivery.objects.all()] == [above]


def test_what_is_not_committed_is_not_told(hook):
    from company import OPERATOR
    from django.db import transaction

    from linyin.platform.hooks import emit
    from linyin.platform.models import Delivery, Job

    hook("http://127.0.0.1:1/a")
    with transaction.atomic():
        emit(OPERATOR, "run.calculated", {"run": 1}, "E")
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()
    assert not Job.objects.filter(kind="webhooks.deliver").exists()


def test_an_event_that_nobody_has_declared_is_a_slip(company):
    from company import OPERATOR

    from linyin.platform.hooks import emit

    with pytest.raises(KeyError):
        emit(OPERATOR, "run.caculated", {}, "E")


def test_a_failed_delivery_is_tried_again_after_longer_and_longer_pauses(hook):
    from django_tasks_db.models import DBTaskResult

    from linyin.platform.hooks.delivering import PAUSES
    from linyin.platform.models import Delivery, Job

    with receiver(500, 200) as (url, kept):
        hook(url)
        calculate()
        run_jobs()
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.problem) == ("waiting", "HTTP 500")
        job = Job.objects.get(kind="webhooks.deliver", state="waiting")
        wait = DBTaskResult.objects.get(pk=job.delivery).run_after - job.made_at
        assert abs((wait - PAUSES[0]).total_seconds()) < 2

        run_jobs()

    assert len(kept) == 2
    assert kept[0][0]["Linyin-Delivery"] == kept[1][0]["Linyin-Delivery"]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("done", 2)


def test_a_name_that_is_not_known_for_a_while_loses_no_event(hook, monkeypatch):
    from linyin.platform.models import Delivery

    def away(*_, **__):
        raise socket.gaierror(socket.EAI_AGAIN, "no resolver")

    with receiver(200) as (url, kept):
        hook(url)
        calculate()
        with monkeypatch.context() as outage:
            outage.setattr(socket, "getaddrinfo", away)
            run_jobs()
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.problem) == ("waiting", "address-unknown")
        run_jobs()

    delivery.refresh_from_db()
    assert len(kept) == 1
    assert (delivery.state, delivery.attempts) == ("done", 2)


def test_a_delivery_fails_in_the_end_and_can_be_sent_again(hook, office):
    from linyin.platform.hooks.delivering import PAUSES
    from linyin.platform.models import Delivery

    with receiver(*[500] * (len(PAUSES) + 1), 200) as (url, _):
        hook(url)
        calculate()
        while run_jobs():
            pass
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == ("failed", len(PAUSES) + 1)

        assert office.post(f"deliveries/{delivery.pk}/send_again").status_code == 202
        run_jobs()

    delivery.refresh_from_db()
    assert delivery.state == "done"


def test_why_nothing_was_delivered_is_told_in_the_readers_language(hook, office):
    import socket

    from django.utils.translation import override

    from linyin.platform.hooks.resources import deliveries
    from linyin.platform.models import Delivery, JobLine

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hook(f"http://127.0.0.1:{port}/")
    calculate()
    run_jobs()

    (delivery,) = Delivery.objects.all()
    assert (delivery.state, delivery.problem) == ("waiting", "not-listening")
    (told,) = [column.says for column in deliveries.columns if column.name == "problem"]
    with override("zh-hans"):
        assert told(delivery.problem) == "地址无服务监听"
    assert told("HTTP 500") == "HTTP 500"
    assert JobLine.objects.filter(text__contains="ConnectionRefusedError").exists()


def test_a_redirect_is_not_followed(hook):
    from linyin.platform.models import Delivery

    with receiver(200) as (inner, reached), receiver(302, location=inner) as (url, _):
        hook(url)
        calculate()
        run_jobs()

    assert not reached
    assert Delivery.objects.get().problem == "HTTP 302"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::",
        "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_of_a_private_network_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "address-form"),
        ("ftp://example.com/", "address-form"),
        ("file:///etc/passwd", "address-form"),
        ("https:///nothing", "address-form"),
        ("https://user:secret@example.com/", "address-form"),
        ("https://127.0.0.1/", "address-private"),
        ("https://[::1]/", "address-private"),
        ("https://localhost/", "address-private"),
        ("https://2130706433/", "address-private"),
        ("https://0x7f.1/", "address-private"),
        ("https://169.254.169.254/latest/meta-data", "address-private"),
        ("https://name.invalid/", "address-unknown"),
    ],
)
def test_an_address_that_leads_where_it_may_not_is_refused(url, code):
    with pytest.raises(AddressRefused) as refused:
        checked_addresses(url, is_internal=False)
    assert refused.value.code == code


def test_every_address_of_a_name_is_checked(monkeypatch):
    mixed = [(socket.AF_INET, 1, 6, "", (a, 443)) for a in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: mixed)

    with pytest.raises(AddressRefused) as refused:
        checked_addresses("https://mixed.example/", is_internal=False)
    assert refused.value.code == "address-private"


def test_the_connection_goes_to_the_checked_address_whatever_the_name_means_later(monkeypatch):
    asked = []

    def rebinding(*_, **__):
        asked.append(1)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, 1, 6, "", (address, 443))]

    connected = []

    def connect(place, *_, **__):
        connected.append(place[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ConnectionRefusedError):
        post("https://rebinding.example/", b"", {}, is_internal=False)

    assert connected == ["8.8.8.8"]


def test_a_destination_in_the_own_network_is_refused_unless_it_is_listed_as_such(office):
    stated = {"name": "d", "url": "https://127.0.0.1/hook", "purpose": "erp"}

    refused = office.post("destinations", stated)
    assert (refused.status_code, refused.json()["where"]) == (422, "url")
    assert refused.json()["code"] == "destination-address-private"

    assert office.post("destinations", stated | {"is_internal": True}).status_code == 201


def test_while_a_name_is_looked_up_others_write(office, monkeypatch):
    import socket

    from django.db import connection

    seen, look_up = [], socket.getaddrinfo

    def looks_up(*asked, **options):
        seen.append(connection.in_atomic_block)
        return look_up(*asked, **options)

    monkeypatch.setattr(socket, "getaddrinfo", looks_up)
    stated = {"name": "x", "url": "http://127.0.0.1:9/", "purpose": "p", "is_internal": True}

    made = office.post("destinations", stated, headers={"Idempotency-Key": "k"})
    row = made.json()
    changed = office.patch(f"destinations/{row['id']}", {"purpose": "q", "version": row["version"]})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert seen == [False, False]


def test_only_an_administrator_of_everything_lists_destinations(caller_of):
    stated = {"name": "d", "url": "https://127.0.0.1/hook", "purpose": "erp", "is_internal": True}
    assert caller_of("administrator").post("destinations", stated).status_code == 403
    assert caller_of("carbon_office").post("destinations", stated).status_code == 403


def test_a_webhook_tells_its_secret_to_nobody(hook, office):
    from linyin.platform.models import AuditEvent

    made = hook("http://127.0.0.1:1/")
    row = office.get(f"webhooks/{made.pk}").json()
    office.patch(
        f"webhooks/{made.pk}", {"version": 1, "name": "other", "secret": "another secret of 24"}
    )

    assert "secret" not in row
    trail = str(list(AuditEvent.objects.values("before", "after")))
    assert "another secret" not in trail
    assert SECRET not in trail


def test_events_are_chosen_from_those_that_there_are_in_words(hook, settings):
    from django.test import Client

    from linyin.platform.models import Person, Webhook

    settings.IS_DEMO = True
    person = Person.objects.get(email="everything@company.example")
    Person.objects.filter(pk=person.pk).update(is_demo=True, language="zh-hans")
    made = hook("http://127.0.0.1:1/", events="run.published, run.calculated")
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(Person.objects.get(pk=person.pk))

    page = browser.get(f"/home/webhooks/{made.pk}/edit/").content.decode()
    boxes = dict(
        re.findall(r'type="checkbox" name="events" value="([\w.]+)"[^>]*?( checked)?>', page)
    )
    stated = {
        "name": "x", "destination": made.destination_id, "node": made.node_id, "secret": SECRET,
        "version": made.version, "events": ["run.approved", "data_request.due"],
    }  # fmt: skip
    answer = browser.post(f"/home/webhooks/{made.pk}/edit/", stated)

    assert set(boxes) >= {"run.calculated", "run.approved", "run.published", "data_request.due"}
    assert {name for name, ticked in boxes.items() if ticked} == {"run.calculated", "run.published"}
    assert "清单已发布" in page
    assert answer.status_code == 302
    assert set(Webhook.objects.get(pk=made.pk).events.split(",")) == set(stated["events"])


def test_a_webhook_asks_for_events_that_there_are(hook, office):
    made = hook("http://127.0.0.1:1/")
    answer = office.patch(f"webhooks/{made.pk}", {"version": 1, "events": "run.exploded"})

    assert (answer.status_code, answer.json()["code"]) == (422, "event-unknown")
    assert answer.json()["where"] == "events"
