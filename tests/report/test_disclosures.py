"""Choices that move figures are said where the figures stand."""

from dataclasses import replace

import pytest

from linyin.inventory.report.tables import Context
from linyin.inventory.report.topics.sources import scope2_table

from .sample import model


@pytest.mark.parametrize(
    ("follows", "en", "zh"),
    [
        ("location", "figures by location", "位置法"),
        ("market", "market-based factor", "市场法因子"),
    ],
)
def test_scope_2_says_which_figures_category_3_follows(follows, en, zh):
    sample = model()
    policies = {**sample.identity.policies, "upstream_follows": follows}
    told = replace(sample, identity=replace(sample.identity, policies=policies))

    notes = [scope2_table(Context.of(told, lang)).note for lang in ("en", "zh")]

    assert en in notes[0]
    assert zh in notes[1]
    assert all("3.3" in note for note in notes)
