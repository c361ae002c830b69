"""How people come in: no open sign-up; identity providers may be trusted to know them."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language, override

from linyin.platform.models import Person

__all__ = ["AccountAdapter", "SocialAccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):
    """People are invited by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Refuse sign-up."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of who gets it, whoever made it be sent."""
        person = context.get("user") or Person.objects.filter(email__iexact=email).first()
        with override(_language_of(person)):
            super().send_mail(template_prefix, email, context)

    def add_message(self, request: HttpRequest, *told: Any, **further: Any) -> None:
        """Tell people in their language, also in the request that signs them in."""
        with override(_language_of(request.user)):
            super().add_message(request, *told, **further)

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


def _language_of(person: Any) -> str | None:
    return person.language if isinstance(person, Person) else get_language()
