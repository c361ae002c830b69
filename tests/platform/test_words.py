"""Words of pages: numbers of things, in both languages."""

import string

import pytest

from linyin.platform.words import say, words

COUNTED = sorted(key for key, row in words().items() if "|" in row["en"] + row["zh"])


@pytest.mark.parametrize(
    ("count", "told"),
    [("0", "in 0 days"), ("1", "in 1 day"), (1, "in 1 day"), ("21", "in 21 days")],
)
def test_one_of_a_thing_is_told_as_one(count, told):
    assert say("calendar.left", "en", days=count) == told


def test_a_language_that_does_not_count_its_words_is_left_alone():
    assert say("calendar.left", "zh", days=1) == "还有 1 天"


@pytest.mark.parametrize("key", COUNTED)
def test_what_is_counted_is_a_field_of_the_text(key):
    for language in ("en", "zh"):
        parsed = list(string.Formatter().parse(words()[key][language]))
        plain = {name for _, name, spec, _ in parsed if name and not spec}
        counted = [(name, spec) for _, name, spec, _ in parsed if name and spec]
        for name, spec in counted:
            assert name in plain
            assert len(spec.split("|")) == 2


def test_what_is_not_stated_is_an_error():
    with pytest.raises(KeyError):
        say("calendar.left", "en")
