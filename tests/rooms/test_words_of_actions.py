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
