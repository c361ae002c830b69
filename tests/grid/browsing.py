"""Visits of the grid in a browser."""

import re

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def visit(browser, world, live_server, settings, monkeypatch):
    """Open a page as a person; errors of scripts or the CSP and outside hosts fail."""
    monkeypatch.setattr("linyin.platform.signin.lacks_factor", lambda request: False)
    settings.ALLOWED_HOSTS = ["*"]
    told, contexts = [], []

    def open_page(person, path, device=DESK, **options):
        person.save()
        context = browser.new_context(**device, **options)
        name, _, value = session_of(person).partition("=")
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on(
            "console", lambda message: told.append(message.text) if _is_error(message) else None
        )
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((live_server.url, "data:")) else told.append(r.url),
        )
        page.goto(live_server.url + path)
        contexts.append(context)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert told == []


def _is_error(message):
    """A refused edit and a connection that a test cuts are no errors of the page."""
    return message.type == "error" and not re.search(r"409|net::ERR_FAILED", message.text)


def session_of(person):
    """Cookie of a session in which a person is signed in, with its name."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{django_settings.SESSION_COOKIE_NAME}={session.session_key}"
