"""The second factor of people in tests: an authenticator app that nobody has to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linyin.platform.models import Person

__all__ = ["give_factor"]


def give_factor(person: Person) -> None:
    """Let a person have set up an authenticator app."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(person, generate_totp_secret())
