"""The look of the app: its own pages in both languages, light and dark, on desk and phone."""

from __future__ import annotations

import pytest
from django.test import Client
from visits import FEW, Variant

PASSWORD = "tree-shade-2025"
DESK = Variant("en", "light", "desk")
PHONE = Variant("zh", "dark", "phone")


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.IS_DEMO = True


@pytest.mark.parametrize("path", ["/", "/design", "/search?q=e"])
def test_pages_of_somebody_who_is_signed_in(path, variant, person, visit_as):
    visit_as(variant, person).visit(path)


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", "/offline"])
def test_pages_of_somebody_who_is_not_signed_in(path, variant, visit_as):
    visit_as(variant).visit(path)


def test_pages_of_an_account(variant, person, visit_as):
    come = visit_as(variant, person)
    page = come.visit("/account/reauthenticate/")
    page.fill("input[type=password]", PASSWORD)
    page.click("main button[type=submit]")
    come.settle()
    for path in ("/account/password/change/", "/account/2fa/", "/account/2fa/totp/activate/"):
        come.visit(path)


@pytest.mark.parametrize("is_known", [False, True])
def test_a_page_that_is_not_there(is_known, variant, person, visit_as):
    come = visit_as(variant, person if is_known else None)
    page = come.visit("/there-is-no-such-page", status=404, name=f"404-{is_known}")
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("variant", FEW, ids=str)
def test_what_opens_is_as_clean_as_what_is_shown(variant, person, visit_as):
    come = visit_as(variant, person)
    page = come.visit("/design")
    for chip in page.locator("#chips > .chip > summary").all():
        chip.click()
        assert page.locator("details.menu[open]").count() == 1
        come.check("design with a chip open")
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    page.locator(".person-button").click()
    come.check("design with the menu of the person open")
    page.keyboard.press("Escape")
    page.locator("[data-opens=design-dialog]").click()
    come.check("design with a dialog open")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.locator(".chart-table > summary").first.click()
    page.locator("[data-sample=Chart-full] [data-chart]").hover()
    page.wait_for_timeout(200)
    come.check("design with a chart under the pointer")


def test_a_chart_is_drawn_in_the_colours_of_the_look(person, visit_as):
    drawn = "[data-sample=Chart-full] [data-chart] path[fill='{}']"
    for look, colour, other in (("light", "#c2410c", "#f0875a"), ("dark", "#f0875a", "#c2410c")):
        page = visit_as(Variant("en", look, "desk"), person).visit("/design")
        assert page.locator(drawn.format(colour)).count() == 5  # four bars and the legend
        assert page.locator(drawn.format(other)).count() == 0


def test_ctrl_k_finds_a_page_and_enter_opens_it(person, visit_as):
    come = visit_as(DESK, person)
    page = come.visit("/design")
    page.keyboard.press("Control+k")
    page.keyboard.type("hom")
    page.wait_for_selector("#palette-hits .hit")
    come.check("palette")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className") == "hit"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{come.origin}/")


def test_the_keyboard_reaches_the_content_first(person, visit_as):
    page = visit_as(DESK, person).visit("/design")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_phone_has_its_bar_and_no_left_bar(person, visit_as):
    come = visit_as(PHONE, person)
    page = come.visit("/design")
    assert page.locator(".phone-bar").is_visible()
    assert not page.locator(".rail").is_visible()
    page.locator("[data-opens=more]").click()
    assert page.locator("#more .more-section").count() >= 1
    come.check("more")


def test_language_and_look_are_chosen_and_kept(person, visit_as):
    come = visit_as(DESK, person)
    page = come.visit("/design")
    page.locator(".person-button").click()
    page.locator(".person button[value=dark]").click()
    page.wait_for_selector("html[data-bs-theme=dark]")
    page.locator(".person-button").click()
    page.locator(".person button[value=zh-hans]").click()
    page.wait_for_selector("html[lang=zh-Hans]")
    person.refresh_from_db()
    assert (person.language, person.theme) == ("zh-hans", "dark")


def test_who_is_not_signed_in_chooses_too(visit_as):
    page = visit_as(DESK).visit("/account/login/")
    page.locator("button[value=zh-hans]").click()
    page.wait_for_selector("html[lang=zh-Hans]")
    page.locator("button[value=dark]").click()
    page.wait_for_selector("html[data-bs-theme=dark][lang=zh-Hans]")


def test_a_preference_leads_to_no_other_host(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    for goal in ("https://example.org/", "//example.org", "javascript:alert(1)", ""):
        answer = client.post("/preferences", {"look": "dark", "next": goal})
        assert answer.headers["Location"] == "/"
    assert client.post("/preferences", {"next": "/design?year=2024"}).url == "/design?year=2024"
    assert client.get("/preferences").status_code == 405


def test_a_choice_that_there_is_not_changes_nothing(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    client.post("/preferences", {"look": "pink", "language": "xx"})
    person.refresh_from_db()
    assert (person.language, person.theme) == ("en", "auto")


def test_signing_in_and_out(person, visit_as):
    come = visit_as(DESK)
    page = come.visit("/account/login/")
    page.fill("input[name=login]", person.email)
    page.fill("input[name=password]", "wrong")
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.wait_for_selector("[role=alert]")
    come.check("sign-in with a wrong password")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.wait_for_url(f"{come.origin}/")
    page.locator(".person-button").click()
    page.locator(".person form[action='/account/logout/'] button").click()
    page.wait_for_url("**/account/login/**")


def test_a_form_that_is_too_old_says_so(visit_as):
    come = visit_as(DESK)
    page = come.visit("/account/login/")
    page.context.clear_cookies()
    come.expected = {403}
    page.fill("input[name=login]", "x@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.wait_for_selector(".error-page")
    come.check("form that is too old")


def test_without_a_network_one_page_is_shown(person, visit_as):
    come = visit_as(DESK, person)
    page = come.visit("/design")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    assert page.evaluate("caches.keys().then((n) => caches.open(n[0])).then((c) => c.keys())"
                         ".then((all) => all.length)") == 3  # fmt: skip
    page.context.set_offline(True)
    page.goto(f"{come.origin}/inventory/")
    assert page.locator("h1").inner_text() == "No connection"


def test_every_part_of_the_policy_is_strict(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    policy = client.get("/design").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in policy


def test_the_server_s_own_error_has_a_page_in_both_languages(client, monkeypatch):
    from django.template.loader import render_to_string
    from django.utils import translation

    for language, words in (("en", "Something broke on our side"), ("zh-hans", "服务器出现错误")):
        with translation.override(language):
            assert words in render_to_string("500.html")


@pytest.mark.django_db
def test_a_device_can_install_the_app(client):
    manifest = client.get("/linyin.webmanifest").json()
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert sizes == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        image = b"".join(client.get(icon["src"]).streaming_content)
        assert image.startswith(b"\x89PNG")
        width = int.from_bytes(image[16:20], "big")
        assert icon["sizes"] == f"{width}x{width}"
    worker = client.get("/service-worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")


def test_every_part_is_shown_in_every_state_that_it_can_have(visit_as, person):
    from linyin.platform import parts
    from linyin.platform.samples.states import NEVER, STATES

    page = visit_as(DESK, person).visit("/design")
    shown = set(page.locator("[data-sample]").evaluate_all("all => all.map(e => e.dataset.sample)"))

    known = {
        n: c for n, c in vars(parts).items() if isinstance(c, type) and issubclass(c, parts.Part)
    }
    del known["Part"]
    expected = {
        f"{name}-{state}"
        for name, part in known.items()
        for state in STATES
        if state not in NEVER.get(part, {})
    }
    assert shown == expected


def test_what_a_page_tries_against_its_policy_is_seen(visit_as):
    """The checks themselves: without them a style in a page would pass."""
    come = visit_as(DESK)
    page = come.visit("/account/login/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate(
        "document.body.append(new Image()), document.body.lastChild.src = 'https://x.example/'"
    )
    page.wait_for_timeout(200)

    with pytest.raises(AssertionError) as seen:
        come.check("login")
    for told in ("CSP: style-src", "CSP: img-src", "outside: https://x.example/"):
        assert told in str(seen.value)


def test_a_form_that_is_too_old_leads_back_to_its_page(person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person, "django.contrib.auth.backends.ModelBackend")
    came = {"referer": "http://testserver/design?year=2024"}
    answer = browser.post("/preferences", {"look": "dark"}, headers=came)
    assert answer.status_code == 403
    assert 'href="/design?year=2024"' in answer.content.decode()
    answer = browser.post("/preferences", {"look": "dark"}, headers={"referer": "http://evil/x"})
    assert answer.status_code == 403
    assert "evil" not in answer.content.decode()
    person.refresh_from_db()
    assert person.theme != "dark"
