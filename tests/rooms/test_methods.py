"""Every page says which methods it takes, and tells any other."""

import pytest

from linyin.platform.words import words


def routes():
    from django.urls import URLPattern, get_resolver

    def walk(patterns):
        for one in patterns:
            if isinstance(one, URLPattern):
                yield one.name, one.callback
            else:
                yield from walk(one.url_patterns)

    return dict(walk(get_resolver().url_patterns))


def test_every_page_says_what_it_takes(workspace):
    """The API and the pages of sign-in say so by means of their own."""
    elsewhere = ("linyin.platform.api.build",)
    own = {
        name: view for name, view in routes().items()
        if view.__module__.startswith("linyin.") and view.__module__ not in elsewhere
    }  # fmt: skip

    assert len(own) > 150
    assert [name for name, view in own.items() if not getattr(view, "methods", None)] == []


@pytest.mark.parametrize(
    ("address", "method", "allow"),
    [
        ("/inventory/nodes/", "post", "GET, HEAD"),
        ("/inventory/nodes/file.csv", "put", "GET, HEAD, POST"),
        ("/inventory/", "put", "GET, HEAD"),
        ("/", "delete", "GET, HEAD"),
        ("/home/tasks/", "post", "GET, HEAD"),
        ("/inventory/nodes/new/", "put", "GET, HEAD, POST"),
        ("/preferences", "get", "POST"),
        ("/linyin.webmanifest", "post", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_method_that_a_page_does_not_take_is_told(enterprise, address, method, allow, language):
    from linyin.platform.models import Person

    client = enterprise.client("carbon_office")
    Person.objects.update(language=language)

    refused = getattr(client, method)(address)

    assert (refused.status_code, refused["Allow"]) == (405, allow)
    assert words()["error.405"]["zh" if language == "zh-hans" else "en"] in refused.content.decode()


def test_who_has_not_signed_in_is_sent_there_whatever_the_method(enterprise):
    from django.test import Client

    assert Client(HTTP_HOST="localhost").post("/inventory/nodes/").status_code == 302
