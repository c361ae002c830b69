"""People sign in: by password, with a second factor, at other providers, by an invitation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from email import message_from_bytes

import pytest
from signing import PASSWORD, SECRET

HOME = re.compile(r"http://127\.0\.0\.1:\d+/$")


def totp(secret, now):
    """RFC 6238 with SHA-1, six digits and 30 seconds."""
    counter = struct.pack(">Q", int(now) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    (value,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(value & 0x7FFFFFFF) % 1_000_000:06}"


def test_codes_are_those_of_the_rfc():
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert totp(secret, 59) == "287082"
    assert totp(secret, 1111111109) == "081804"


def sign_in(page, served, name, password=PASSWORD):
    page.goto(f"{served.url}/account/login/")
    page.fill("[name=login]", f"{name}@example.org")
    page.fill("[name=password]", password)
    page.click("main button[type=submit]:has-text('Sign In')")


def fresh_code(secret):
    """A code that lives ten seconds more: the server takes only that of the current period."""
    left = 30 - time.time() % 30
    if left < 10:
        time.sleep(left)
    return totp(secret, time.time())


def enter_code(page, code):
    page.fill("[name=code]", code)
    page.locator("main form:has([name=code]) button[type=submit]").first.click()


def is_inside(page):
    return page.locator("nav.rail").count() == 1


def test_a_password_signs_in_and_a_wrong_one_does_not(served, page):
    sign_in(page, served, "dan", "not the password")
    assert "not correct" in page.inner_text("main")
    page.goto(f"{served.url}/")
    assert "/account/login/" in page.url

    sign_in(page, served, "dan")

    page.wait_for_url(HOME)
    assert is_inside(page)


def test_who_approves_sets_up_a_second_factor_first_and_is_asked_for_it_from_then_on(served, page):
    sign_in(page, served, "mo")
    page.wait_for_url("**/account/2fa/totp/activate/")
    page.goto(f"{served.url}/home/tasks/")
    assert page.url.endswith("/account/2fa/totp/activate/")
    secret = page.input_value("#authenticator_secret")

    enter_code(page, fresh_code(secret))

    page.wait_for_url("**/account/2fa/recovery-codes/**")
    page.goto(f"{served.url}/")
    assert is_inside(page)

    page.context.clear_cookies()
    sign_in(page, served, "mo")
    page.wait_for_url("**/account/2fa/authenticate/")
    enter_code(page, "000000")
    assert page.url.endswith("/account/2fa/authenticate/")
    page.goto(f"{served.url}/home/tasks/")
    assert not is_inside(page)


def test_guessing_is_stopped_for_that_address_in_both_web_processes(served, page):
    for _ in range(6):
        sign_in(page, served, "lock", "a wrong guess")
    sign_in(page, served, "lock")

    assert "Too many failed login attempts" in page.inner_text("main")
    assert "/account/login/" in page.url
    sign_in(page, served, "dan")
    page.wait_for_url(HOME)


def at_house(page, served, sub):
    page.goto(f"{served.url}/account/login/")
    page.click("button:has-text('House account')")
    page.click(f"button[value={sub}]")


def at_works(page, served, who):
    page.goto(f"{served.url}/account/login/")
    page.click("button:has-text('Works account')")
    page.click(f"button[value='{who}']")
    page.click("button:has-text('Continue')")


def accounts(served):
    return served.place.query(
        "SELECT p.email, a.provider, a.uid FROM socialaccount_socialaccount a "
        "JOIN platform_person p ON p.id = a.user_id ORDER BY 1, 2"
    )


def test_an_invited_person_comes_in_by_oidc_whose_factors_count(served, page):
    for _ in range(2):
        page.context.clear_cookies()
        at_house(page, served, "sub-wei")
        page.wait_for_url(HOME)
        assert is_inside(page)

    assert ("wei@example.org", "house", "sub-wei") in accounts(served)


@pytest.mark.parametrize("sub", ["sub-stranger", "sub-dan"])
def test_oidc_brings_in_neither_strangers_nor_addresses_it_does_not_vouch_for(served, page, sub):
    at_house(page, served, sub)

    page.wait_for_selector("h1:has-text('Nobody is known here by that account')")
    assert sub not in {uid for _, _, uid in accounts(served)}
    page.goto(f"{served.url}/")
    assert "/account/login/" in page.url


def test_whoever_refuses_at_the_provider_is_not_signed_in(served, page):
    page.goto(f"{served.url}/account/login/")
    page.click("button:has-text('House account')")
    page.click("button:has-text('Deny access')")

    page.wait_for_url(f"{served.url}/**")
    page.goto(f"{served.url}/")
    assert "/account/login/" in page.url


def test_an_invited_person_comes_in_by_saml(served, page):
    for _ in range(2):
        page.context.clear_cookies()
        at_works(page, served, "Sam")
        page.wait_for_url(HOME)
        assert is_inside(page)

    assert ("sam@example.org", "works", "id-of-sam@example.org") in accounts(served)


def test_saml_brings_in_no_stranger(served, page):
    at_works(page, served, "Stranger")

    page.wait_for_selector("h1:has-text('Nobody is known here by that account')")


def test_a_saml_assertion_that_was_altered_is_refused(served, page):
    at_works(page, served, "Stranger forged")

    page.wait_for_selector("h1:has-text('Signing in did not work')")
    page.goto(f"{served.url}/")
    assert "/account/login/" in page.url
    assert "adele@example.org" not in {email for email, *_ in accounts(served)}


def test_an_invited_person_chooses_a_password_by_the_mail_once(served, page):
    sign_in(page, served, "adele")
    enter_code(page, fresh_code(SECRET))
    page.wait_for_url(HOME)
    page.goto(f"{served.url}/home/people/")
    page.click("text=Invite somebody")
    page.fill("main [name=name]", "Neil Nováček")
    page.fill("main [name=email]", "neil@example.org")
    page.select_option("main select[name=language]", "en")
    page.select_option("main select[name=role]", "reader")
    page.click("main button.btn-primary")
    page.wait_for_url(re.compile(r"/home/people/\d+/$"))

    link = invitation(served, "neil@example.org")
    page.context.clear_cookies()
    page.goto(link)
    page.fill("[name=password1]", "short")
    page.fill("[name=password2]", "short")
    page.click("main button[type=submit]")
    assert page.locator("[name=password1]").count() == 1
    page.fill("[name=password1]", "a fine long password")
    page.fill("[name=password2]", "a fine long password")
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/password/reset/key/done/")
    sign_in(page, served, "neil", "a fine long password")
    page.wait_for_url(HOME)

    page.context.clear_cookies()
    page.goto(link)
    assert page.locator("[name=password1]").count() == 0


def invitation(served, address):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for file in (served.place.root / "outbox").glob("*"):
            mail = message_from_bytes(file.read_bytes())
            if mail["To"] == address:
                text = mail.get_payload(decode=True).decode()
                return re.search(r"http://\S+", text).group()
        time.sleep(0.3)
    raise AssertionError("no mail came")
