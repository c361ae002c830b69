"""People who look at pages with a browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from visits import VARIANTS, Variant, Visitor, visitor

from workspace import django_db_modify_db_settings, workspace

__all__ = ["django_db_modify_db_settings", "workspace"]


@pytest.fixture(params=VARIANTS, ids=str)
def variant(request) -> Variant:
    """How pages are looked at: two ways of eight, all with LINYIN_UI=all."""
    return request.param


@pytest.fixture
def visit_as(browser, workspace, live_server) -> Callable[..., Visitor]:
    """Give a visitor of the running app: a person's, or nobody's."""
    from django.test import Client

    with ExitStack() as stack:

        def come(variant: Variant, person=None) -> Visitor:
            session = ""
            if person is not None:
                person.language = {"zh": "zh-hans", "en": "en"}[variant.language]
                person.theme = variant.look
                person.save(update_fields=["language", "theme"])
                client = Client()
                client.force_login(person, "django.contrib.auth.backends.ModelBackend")
                session = client.cookies["sessionid"].value
            return stack.enter_context(visitor(browser, live_server.url, variant, session))

        yield come


@pytest.fixture
def person(workspace):
    """Somebody of the demo, who sees the pages that everybody sees."""
    from linyin.platform.models import Person

    return Person.objects.create_user(
        "chen.hua@example.org", "tree-shade-2025", name="陈华 Chen Hua", is_demo=True
    )
