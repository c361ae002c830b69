"""The look of the app: its own pages in both languages, light and dark, on desk and phone."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.IS_DEMO = True


@pytest.mark.parametrize("path", ["/", "/design", "/search?q=e", "/account/2fa/totp/activate/",
                                  "/account/password/change/", "/account/2fa/"])  # fmt: skip
def test_pages_of_somebody_who_is_signed_in(path, variant, person, visit_as):
    come = visit_as(variant, person)
    if path.startswith("/account/"):
        _reauthenticate(come)
    come.visit(path)


def _reauthenticate(come):
    come.page.goto(f"{come.origin}/account/reauthenticate/", wait_until="networkidle")
    come.page.fill("input[type=password]", "tree-shade-2025")
    come.page.click("main button[type=submit]")


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", "/offline"])
def test_pages_of_somebody_who_is_not_signed_in(path, variant, visit_as):
    visit_as(variant).visit(path)


@pytest.mark.parametrize("is_known", [False, True])
def test_a_page_that_is_not_there(is_known, variant, person, visit_as):
    come = visit_as(variant, person if is_known else None)
    page = come.visit("/there-is-no-such-page", status=404, name=f"404-{is_known}")
    assert page.locator("h1").count() == 1
