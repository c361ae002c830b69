"""How people come in: no open sign-up; identity providers may be trusted to know them."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

__all__ = ["AccountAdapter", "SocialAccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):
    """People are invited by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse sign-up."""
        return False

    def is_reauthentication_required(self, **_: Any) -> bool:
        """Ask for the password before factors change, but not just after signing in."""
        signed_in = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in signed_in), default=0.0)
        return bool(time.time() - newest > REAUTHENTICATION_TIMEOUT)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An identity provider signs in people whom an administrator knows by their address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Refuse people whom nobody has invited."""
        return False
