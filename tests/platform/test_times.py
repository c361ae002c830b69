"""Days and times read as the reader writes them, in the time zone of the workspace."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from linyin.platform.times import day, day_of_year, moment

AT = datetime(2026, 11, 26, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "when", "on", "short"),
    [
        ("en", "27 Nov 2026, 04:05", "1 Feb 2024", "1 Feb"),
        ("zh-hans", "2026年11月27日 04:05", "2024年2月1日", "2月1日"),
    ],
)
def test_a_time_is_told_in_language_and_zone(language, when, on, short):
    with translation.override(language), timezone.override(ZoneInfo("Asia/Shanghai")):
        assert moment(AT) == when
        assert day(date(2024, 2, 1)) == on
        assert day_of_year(date(2024, 2, 1)) == short


def test_the_language_of_a_mail_is_not_that_of_who_sends_it():
    with translation.override("en"):
        assert day(date(2024, 2, 1), "zh") == "2024年2月1日"


def test_no_page_writes_a_date_of_its_own(request):
    """Pages ask `linyin.platform.times`; machines read ISO in files, fields and the API."""
    import re

    src = request.config.rootpath / "src/linyin"
    own = re.compile(r'strftime\("%Y|localtime\([^)]*\):%Y-%m-%d|\|date:"Y-m-d[^"]*" ?\}\}<')
    files = [*src.glob("platform/**/*.py"), *src.glob("*/web/**/*.py"), *src.rglob("*.html")]
    found = [str(file) for file in files if own.search(file.read_text(encoding="utf-8"))]

    assert files
    assert found == []
