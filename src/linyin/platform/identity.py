"""Identity providers: what `identity.toml` of the workspace says, as django-allauth takes it.

    [[provider]]
    kind = "oidc"                      # OpenID Connect
    id = "entra"                       # in addresses; never change it later
    name = "Microsoft Entra ID"        # on the button
    issuer = "https://login.example/tenant/v2.0"
    client_id = "…"
    secret_file = "/etc/linyin/entra-secret"
    trusts_addresses = ["example.com"] # domains whose addresses it vouches for; true = all
    is_second_factor = true            # signing in there counts as two factors

    [[provider]]
    kind = "saml"                      # needs the extra `saml`
    id = "adfs"
    name = "ADFS"
    entity_id = "https://adfs.example/trust"
    sso_url = "https://adfs.example/sso"
    certificate_file = "/etc/linyin/adfs.pem"
    trusts_addresses = true
    attributes = { uid = "…", email = "…" }     # where its names differ from the usual ones

Paths of files count from the folder of `identity.toml`. Read by the settings, so free of Django.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Identities", "IdentityError", "read_identities"]

_OIDC = {"issuer", "client_id"}
_SAML = {"entity_id", "sso_url", "certificate_file"}
_SHARED = {"kind", "id", "name", "trusts_addresses", "is_second_factor"}
_OPTIONAL = {"oidc": {"secret_file", "scope"}, "saml": {"attributes"}}


class IdentityError(ValueError):
    """What is wrong with `identity.toml`, naming the file and the provider."""


@dataclass(frozen=True)
class Identities:
    """Identity providers of an installation.

    Attributes
    ----------
    providers
        Django-allauth's SOCIALACCOUNT_PROVIDERS.
    apps
        Django apps that they need.
    origins
        Origins that a sign-in leads to, for the page's `form-action`.
    second_factors
        Ids of the providers whose sign-in counts as two factors.

    """

    providers: dict[str, Any] = field(default_factory=dict)
    apps: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    second_factors: frozenset[str] = frozenset()


def read_identities(file: Path) -> Identities:
    """Read `identity.toml`; where there is none, nobody signs in elsewhere.

    Raises
    ------
    IdentityError
        If something in it is missing, unknown or cannot be read.

    """
    if not file.exists():
        return Identities()
    try:
        stated = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IdentityError(f"{file}: {error}") from error
    listed = stated.get("provider")
    if set(stated) != {"provider"} or not isinstance(listed, list):
        raise IdentityError(f"{file}: write one [[provider]] for each identity provider")
    for number, one in enumerate(listed, 1):
        for problem in _problems(one):
            raise IdentityError(f"{file}, provider {number}: {problem}")
    ids = [one["id"] for one in listed]
    if len(set(ids)) < len(ids):
        raise IdentityError(f"{file}: two providers have the same id")
    oidc = [_oidc(one, file.parent) for one in listed if one["kind"] == "oidc"]
    saml = [_saml(one, file.parent) for one in listed if one["kind"] == "saml"]
    return Identities(
        providers={"openid_connect": {"APPS": oidc}, "saml": {"APPS": saml}},
        apps=("allauth.socialaccount.providers.saml",) if saml else (),
        origins=tuple(_origin(one.get("issuer") or one["sso_url"]) for one in listed),
        second_factors=frozenset(one["id"] for one in listed if one.get("is_second_factor")),
    )


def _problems(one: Mapping[str, Any]) -> Iterator[str]:
    kind = one.get("kind")
    if kind not in _OPTIONAL:
        yield f"kind is {kind!r}; write 'oidc' or 'saml'"
        return
    needed = {"id", "name"} | (_OIDC if kind == "oidc" else _SAML)
    if missing := sorted(needed - set(one)):
        yield f"{', '.join(missing)} missing"
    if unknown := sorted(set(one) - needed - _SHARED - _OPTIONAL[kind]):
        yield f"{', '.join(unknown)} unknown"
    trusted = one.get("trusts_addresses", False)
    if not isinstance(trusted, bool | list):
        yield "trusts_addresses is true, false or a list of domains"
    if kind == "saml" and find_spec("onelogin") is None:
        yield "SAML needs the extra: install linyin[web,saml]"
    address = urlsplit(str(one.get("issuer") or one.get("sso_url")))
    if address.scheme not in ("https", "http") or not address.netloc:
        yield "its address is no URL"


def _oidc(one: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    app = _shared(one)
    app["client_id"] = one["client_id"]
    app["settings"] |= {"server_url": one["issuer"], "oauth_pkce_enabled": True}
    if "secret_file" in one:
        app["secret"] = _text(folder / one["secret_file"])
    if "scope" in one:
        app["settings"]["scope"] = one["scope"]
    return app


def _saml(one: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    app = _shared(one)
    app["client_id"] = one["id"]
    app["settings"]["idp"] = {
        "entity_id": one["entity_id"],
        "sso_url": one["sso_url"],
        "x509cert": _text(folder / one["certificate_file"]),
    }
    app["settings"]["advanced"] = {"want_assertion_signed": True}
    if "attributes" in one:
        app["settings"]["attribute_mapping"] = one["attributes"]
    return app


def _shared(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "provider_id": one["id"],
        "name": one["name"],
        "settings": {"verified_email": one.get("trusts_addresses", False)},
    }


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IdentityError(f"{file}: {error}") from error


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
