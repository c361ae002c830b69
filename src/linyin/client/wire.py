"""Requests: signed in, tried again where that does no harm, errors as exceptions."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from linyin.client.errors import ApiError

__all__ = ["Answer", "Wire", "path_part"]

_AGAIN: Final = (429, 503)
_CODES_AGAIN: Final = ("key-in-use",)
_ATTEMPTS: Final = 5
_LONGEST_PAUSE: Final = 60.0
_WRITTEN: Final = "/~%?&=:,;+@$!*()'"  # what an address says as it is; codes of nodes have blanks


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry the token elsewhere: it is an error."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    media_type: str
    body: bytes

    def json(self) -> Any:
        """Return the body as the JSON value that it is; None if it is empty."""
        return json.loads(self.body) if self.body else None


class Wire:
    """The connection to one server.

    Parameters
    ----------
    url
        Address of the server, without a path.
    token
        Secret of a token.
    language
        `en` or `zh`, for texts.
    timeout
        Of one request. [s]

    """

    def __init__(self, url: str, token: str, language: str, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"{url} is no address of a server: write http(s)://host[:port]")
        self.base, self.timeout = f"{parts.scheme}://{parts.netloc}/api/v1/", timeout
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": language,
            "User-Agent": "linyin-client",
        }
        self._opener = build_opener(_NoRedirects)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        data: bytes | None = None,
        media_type: str = "application/json",
        key: str = "",
    ) -> Answer:
        """Send a request and return the answer.

        What changes something carries an idempotency key, so that it may be sent again when the
        answer was lost on its way.

        Raises
        ------
        ApiError
            If the server refuses it, or nobody answers after several attempts.

        """
        url = urljoin(self.base, quote(path, safe=_WRITTEN))
        if not url.startswith(self.base):
            raise ValueError(f"{path} leads away from {self.base}")
        asked = {n: v for n, v in (query or {}).items() if v is not None}
        if asked:
            url += ("&" if "?" in url else "?") + urlencode(asked, doseq=True)
        headers = dict(self._headers)
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = media_type
        if method != "GET":
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        return self._sent(Request(url, data, headers, method=method))  # noqa: S310 - checked above

    def _sent(self, request: Request) -> Answer:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._opener.open(request, timeout=self.timeout) as response:
                    media_type = response.headers.get_content_type()
                    return Answer(response.status, media_type, response.read())
            except HTTPError as error:
                failed, pause = self._refused(error, attempt)
            except (URLError, HTTPException, OSError) as error:
                reason = getattr(error, "reason", error)
                failed = ApiError(0, {"code": "no-answer", "detail": str(reason)})
                pause = _pause(attempt)
            if attempt == _ATTEMPTS or pause is None:
                raise failed
            time.sleep(pause)
        raise AssertionError

    def _refused(self, error: HTTPError, attempt: int) -> tuple[ApiError, float | None]:
        """Return the problem, and how long to wait before trying again; None = not at all."""
        with error:
            content = error.read()
        try:
            problem = json.loads(content)
        except ValueError:
            problem = {"code": "unreadable", "detail": error.reason}
        failed = ApiError(error.code, problem if isinstance(problem, dict) else {})
        if error.code not in _AGAIN and failed.code not in _CODES_AGAIN:
            return failed, None
        stated = error.headers.get("Retry-After", "")
        pause = float(stated) if stated.isdecimal() else _pause(attempt)
        return failed, min(pause, _LONGEST_PAUSE)


def _pause(attempt: int) -> float:
    return min(_LONGEST_PAUSE, 0.2 * 2.0**attempt)


def path_part(text: object) -> str:
    """Return a key as a part of a path."""
    return quote(str(text), safe="~")
