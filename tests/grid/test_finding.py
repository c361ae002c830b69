"""Ctrl-K finds records of every kind in reach, and the grid in which a source is typed."""

import html
import re

import pytest
from django.test import Client


@pytest.fixture
def hits(world, settings):
    """Return a function: person, words → (label, address) of what the palette shows."""
    settings.IS_DEMO = True

    def search(person, words, language="en"):
        person.is_demo, person.language = True, {"en": "en", "zh": "zh-hans"}[language]
        person.save()
        client = Client(HTTP_HOST="localhost", headers={"HX-Request": "true"})
        client.force_login(person)
        shown = html.unescape(client.get("/search", {"q": words}).content.decode())
        found = re.findall(r'<a class="hit" href="([^"]+)">.*?"hit-label">([^<]+)<', shown)
        return [(label, href) for href, label in found]

    return search


@pytest.mark.parametrize(
    ("language", "words", "label"),
    [
        ("en", "enter data for heyuan gas", "Enter data for Heyuan campus / Canteen gas"),
        ("zh", "填报河源园区", "填报河源园区 / 食堂燃气"),
    ],
)
def test_words_lead_to_the_grid_of_a_source(world, hits, language, words, label):
    assert (label, f"/inventory/entry/HEYUAN/#r-{world.gas.pk}") in hits(
        world.owner, words, language
    )


def test_a_site_leads_to_its_grid_and_its_records_to_their_pages(world, hits):
    found = dict(hits(world.owner, "heyuan"))

    assert found["Enter data for Heyuan campus"] == "/inventory/entry/HEYUAN/"
    assert f"/inventory/lines/{world.gas.pk}/" in found.values()
    assert any(href.startswith("/inventory/activities/") for href in found.values())


def test_nothing_out_of_reach_is_found(world, hits):
    assert not hits(world.owner, "nanjing")
    assert hits(world.stranger, "nanjing")


def test_who_only_reads_is_led_to_no_grid_to_type_in(world, hits):
    labels = [label for label, _ in hits(world.reader, "heyuan")]

    assert labels
    assert not [label for label in labels if label.startswith("Enter data")]


def test_pages_and_the_api_find_the_same_records(world, hits):
    client = Client(HTTP_HOST="localhost")
    client.force_login(world.owner)
    told = client.get("/api/v1/search", {"q": "canteen"}).json()["items"]
    shown = hits(world.owner, "canteen")

    keys = {one["id"] for one in told}
    assert keys
    records = [href for label, href in shown if not label.startswith("Enter data")]
    assert all(href.rstrip("/").rpartition("/")[2] in keys for href in records)
    assert records
