"""Whatever is done has words: in histories and in the audit trail nobody reads its name."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_action_is_told_in_words(language, workspace):
    from django.utils.translation import override

    from linyin.platform.actions import ACTIONS
    from linyin.platform.history import done_of, said

    with override(language):
        untold = [name for name in ACTIONS if name in (said(name), done_of(name))]

    assert untold == []
    assert len(ACTIONS) > 50


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "added it · Parts in duties"), ("zh-hans", "新增 · 职责分工")],
)
def test_what_a_resource_does_names_its_records(language, told, workspace):
    from django.utils.translation import override

    from linyin.platform.history import done_of

    with override(language):
        assert done_of("governance.create_duty-parts") == told


def test_whatever_is_done_on_a_page_says_before_what_it_does_and_after_that_it_was_done():
    from linyin.platform.resources import RESOURCES
    from linyin.platform.words import words

    shown = {a.name for r in RESOURCES.values() for a in r.actions if a.is_plain}
    has_page_of_its_own = {"ledger.attach_evidence"}

    assert {name for name in shown if f"action.{name}.help" not in words()} == has_page_of_its_own
    assert {name for name in shown if f"action.{name}.done" not in words()} == set()
    assert len(shown) > 25


def test_every_field_that_a_history_tells_has_words():
    from django.db.models import JSONField

    from linyin.platform.history import _HIDDEN
    from linyin.platform.models.record import Record
    from linyin.platform.resources import RESOURCES
    from linyin.platform.words import words

    secret = {"hash", "secret"}
    untold = [
        f"{name}.{field.name}"
        for name, resource in RESOURCES.items()
        if resource.model is not None and issubclass(resource.model, Record)
        for field in resource.model._meta.concrete_fields
        if field.name not in _HIDDEN | secret and not isinstance(field, JSONField)
        and f"{name}.{field.name}" not in words()
    ]  # fmt: skip

    assert untold == []
