"""Requests to addresses that people wrote down: only to where they may lead.

The name is resolved once, every address is checked, and the connection goes to one of the checked
addresses: what the name means a moment later does not matter. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.db import transaction

__all__ = ["AddressRefused", "checked_addresses", "is_public", "post"]

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

TIMEOUT: Final = 10.0
_LONGEST_ANSWER: Final = 64 << 10
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.ip_network("::/96")


class AddressRefused(Exception):
    """An address leads where it may not.

    Attributes
    ----------
    code
        Of the message that says why.

    """

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields: dict[str, Any] = dict(fields)


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet, also where it holds another in itself."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        teredo = address.teredo
        if inner is None and teredo is not None:
            return is_public(teredo[0]) and is_public(teredo[1])
        if inner is None and (address in _NAT64 or address in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def checked_addresses(url: str, *, is_internal: bool) -> tuple[SplitResult, int, list[Address]]:
    """Return a URL's parts, its port, and the addresses that its name has, if all are allowed.

    Parameters
    ----------
    url
        `https://…`; of a destination inside the own network also `http://…`.
    is_internal
        Whether an administrator has listed it as inside the own network.

    Raises
    ------
    AddressRefused
        If the URL has another form, the name is not known, or one of its addresses is private.
    django.db.transaction.TransactionManagementError
        Inside a transaction: a name may take long to be found, and nobody else could write.

    """
    parts = urlsplit(url)
    allowed = ("https", "http") if is_internal else ("https",)
    if parts.scheme not in allowed or not parts.hostname:
        raise AddressRefused("address-form", expected=" ".join(f"{s}://" for s in allowed))
    if parts.username or parts.password:
        raise AddressRefused("address-form", expected="https://")
    if transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("no SQL transaction spans a request to others")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError) as error:
        raise AddressRefused("address-unknown", host=parts.hostname) from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not is_internal and not all(is_public(address) for address in addresses):
        raise AddressRefused("address-private", host=parts.hostname)
    return parts, port, addresses


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever its host's name means by now."""

    def __init__(self, host: str, port: int, address: Address, context: ssl.SSLContext | None):
        super().__init__(host, port, timeout=TIMEOUT)
        self._address, self._context = address, context

    def connect(self) -> None:
        """Connect to the checked address; the certificate is that of the name."""
        sock = socket.create_connection((str(self._address), self.port), TIMEOUT)
        if self._context is not None:
            sock = self._context.wrap_socket(sock, server_hostname=self.host)
        self.sock = sock


def post(url: str, body: bytes, headers: Mapping[str, str], *, is_internal: bool) -> int:
    """Send a body and return the status of the answer, whose body is read and dropped.

    Raises
    ------
    AddressRefused
        If the URL may not be called; nothing was sent.
    OSError, http.client.HTTPException
        If nobody answers, or not as HTTP does.

    """
    parts, port, addresses = checked_addresses(url, is_internal=is_internal)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    connection = _Pinned(str(parts.hostname), port, addresses[0], context)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        answer.read(_LONGEST_ANSWER)
    finally:
        connection.close()
    return answer.status
