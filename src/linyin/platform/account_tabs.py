"""The way between the pages of one's own account: sign-in, password, addresses, providers."""

from __future__ import annotations

from typing import Final

from allauth.socialaccount.adapter import get_adapter
from django.http import HttpRequest
from django.urls import reverse

from linyin.platform.parts import Tab, Tabs
from linyin.platform.words import say

__all__ = ["account_tabs"]

# Address of a page, its words, and how the names of what belongs to it begin.
_PAGES: Final = (
    ("mfa_index", "shell.security", "mfa_"),
    ("account_change_password", "shell.password", "account_change_password"),
    ("account_email", "shell.email", "account_email"),
    ("socialaccount_connections", "shell.providers", "socialaccount_"),
)


def account_tabs(request: HttpRequest) -> Tabs:
    """Return the pages of the reader's account, with the one that is open."""
    here = request.resolver_match.url_name or "" if request.resolver_match else ""
    has_providers = bool(get_adapter(request).list_providers(request))
    return Tabs(
        [
            Tab(say(words), reverse(name), here.startswith(begun))
            for name, words, begun in _PAGES
            if has_providers or name != "socialaccount_connections"
        ]
    )
