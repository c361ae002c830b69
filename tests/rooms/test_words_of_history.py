"""Histories tell what somebody did, not what can be done."""

import pytest

pytestmark = pytest.mark.django_db


def test_every_action_has_words_of_what_was_done():
    from linyin.platform.actions import ACTIONS
    from linyin.platform.words import words

    told = {
        name
        for name in ACTIONS
        for verb in [name.partition(".")[2].partition("_")[0]]
        if f"action.{name}.past" in words() or f"verb.{verb}" in words()
    }
    others = set(ACTIONS) - told
    assert [n for n in others if not words()[f"action.{n}"]["en"][0].islower()] == []
