"""Signing in is in the reader's language throughout: pages, errors, mails, also allauth's own."""

import gettext
import html
import importlib.util
import re
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

import linyin.platform

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a password of nobody"
LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {"English", "Linyin", "IP", "Ctrl", "Enter", "Esc", "png", "svg"}
PAGES = (
    "account_login", "account_signup", "account_inactive", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key_done",
    "account_email_verification_sent", "socialaccount_login_cancelled",
    "account_change_password", "account_reauthenticate", "account_logout",
    "socialaccount_connections", "mfa_index", "mfa_activate_totp", "mfa_reauthenticate",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp",
    "account_email",
)  # fmt: skip


@pytest.fixture
def person(workspace):
    from linyin.platform.models import Person

    return Person.objects.create_user("lin@example.cn", PASSWORD, name="林晓", language="zh-hans")


@pytest.fixture
def browser(person):
    client = Client(HTTP_HOST="localhost")
    stated = {"login": person.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), stated).status_code == 302
    return client


def english(text):
    """Return the English words of a page or a mail that are no names, addresses or keys."""
    plain = re.sub(r"<(script|style|code|svg)\b.*?</\1>|<!--.*?-->", " ", text, flags=re.DOTALL)
    plain = html.unescape(re.sub(r"<[^>]*>", " ", plain))
    plain = re.sub(r"https?://\S+|\S+@\S+", " ", plain)
    return {word for word in LATIN.findall(plain) if word not in NAMES and not word.isupper()}


def test_every_page_of_the_account_is_chinese_to_who_reads_chinese(person, browser):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    stranger = Client(HTTP_HOST="localhost")
    stranger.cookies["linyin_language"] = "zh-hans"
    shown = []
    for has_factor in (False, True):
        if has_factor:
            TOTP.activate(person, "JBSWY3DPEHPK3PXP")
            RecoveryCodes.activate(person)
        for client in (stranger, browser):
            for page in PAGES:
                answer = client.get(reverse(page))
                if answer.status_code == 200:
                    shown.append(page)
                    words = english(answer.content.decode()) - {person.email}
                    assert not words, (page, words)

    assert set(PAGES) == set(shown)


def test_wrong_input_is_told_in_chinese(person, browser):
    stranger = Client(HTTP_HOST="localhost")
    stranger.cookies["linyin_language"] = "zh-hans"
    tried = [
        (stranger, "account_login", {"login": "nobody", "password": ""}),
        (stranger, "account_login", {"login": "x@example.cn", "password": "wrong"}),
        (stranger, "account_reset_password", {"email": "nobody"}),
        (browser, "account_change_password",
         {"oldpassword": "x", "password1": "a", "password2": "b"}),
        (browser, "mfa_activate_totp", {"code": "000000"}),
        (browser, "account_email", {"action_add": "", "email": "nobody"}),
    ]  # fmt: skip
    for client, page, stated in tried:
        answer = client.post(reverse(page), stated).content.decode()
        assert "field-error" in answer or "notice" in answer, page
        assert not english(answer), page


@pytest.mark.parametrize("email", ["lin@example.cn", "nobody@example.cn"])
def test_mails_are_in_the_language_of_who_gets_them(person, email):
    client = Client(HTTP_HOST="localhost")
    client.cookies["linyin_language"] = "en" if email == person.email else "zh-hans"

    client.post(reverse("account_reset_password"), {"email": email})

    (sent,) = mail.outbox
    assert not english(sent.subject + "\n" + sent.body) - {"localhost"}
    assert "您好" in sent.body
    assert "/account/signup" not in sent.body


@pytest.mark.parametrize("column", ["english", "chinese"])
def test_own_texts_are_compiled_and_stand_for_texts_that_there_are(column):
    at = Path(linyin.platform.__file__).parents[3] / "tools" / "catalogue.py"
    spec = importlib.util.spec_from_file_location("catalogue", at)
    catalogue = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(catalogue)
    own = catalogue.texts(column)
    with catalogue.compiled_file(column).open("rb") as file:
        kept = gettext.GNUTranslations(file)
    others = {}
    for package in ("allauth", "django/conf", "django/contrib/auth"):
        root = Path(importlib.util.find_spec(package.partition("/")[0]).origin).parent
        folder = root.joinpath(*package.split("/")[1:], "locale", "zh_Hans", "LC_MESSAGES")
        with (folder / "django.mo").open("rb") as file:
            others |= gettext.GNUTranslations(file)._catalog

    assert {text: kept.gettext(text) for text in own} == own
    assert catalogue.compiled_file(column).read_bytes() == catalogue.compiled(column, own)
    assert own.keys() <= others.keys()


def test_a_second_factor_is_set_up_also_by_who_looked_at_the_addresses_first(browser):
    browser.get(reverse("account_email"))

    assert browser.get(reverse("mfa_activate_totp")).status_code == 200
