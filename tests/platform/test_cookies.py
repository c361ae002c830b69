"""Cookies of several workspaces on one host: browsers tell hosts apart, not ports."""

import pytest

pytestmark = pytest.mark.sql

NAMES = """
from django.conf import settings
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
"""


def test_each_workspace_has_cookies_of_its_own_names(other_workspace, tmp_path):
    names = other_workspace.python(NAMES).split()
    again = other_workspace.python(NAMES).split()
    others = other_workspace.python(NAMES, env={"LINYIN_SECRET_KEY": "of another"}).split()

    assert names == again
    assert not set(names) & set(others)
