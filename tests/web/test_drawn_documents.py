"""The sample that the example draws can be followed: every drawn entry leads to its document."""

from __future__ import annotations

import re
import urllib.request

import pytest


@pytest.fixture
def read(example):
    """Return a function that reads a page as the verifier."""

    def page(address):
        asked = urllib.request.Request(
            example.origin + address, headers={"Cookie": example.sessions["verifier"]}
        )
        with urllib.request.urlopen(asked) as answer:
            return answer.read().decode(errors="replace")

    return page


def test_every_drawn_entry_of_the_example_leads_to_its_document(example, read):
    sample = read("/inventory/samples/1/")
    drawn = sorted(set(re.findall(r'href="(/inventory/sample-items/\d+/)', sample)))
    assert len(drawn) > 5
    document = re.compile(r'href="(/home/documents/[0-9a-f]{64})"')
    found = {item: document.findall(read(item)) for item in drawn}
    assert [item for item, documents in found.items() if not documents] == []
    assert all(read(documents[0]) for documents in found.values())
