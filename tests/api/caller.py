"""Who calls the API in tests."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.test import Client


@dataclass
class Caller:
    """Somebody who calls the API."""

    headers: dict[str, str]

    def call(self, method: str, path: str, body=None, **headers):
        stated = {f"HTTP_{name.upper().replace('-', '_')}": v for name, v in headers.items()}
        options = {}
        if isinstance(body, bytes):
            options = {"data": body, "content_type": headers.get("content_type", "")}
            stated["CONTENT_TYPE"] = options["content_type"]
        elif body is not None:
            options = {"data": json.dumps(body), "content_type": "application/json"}
        client = Client(headers=self.headers)
        return client.generic(method, f"/api/v1/{path}", **options, **stated)

    def get(self, path: str, **headers):
        return self.call("GET", path, **headers)

    def post(self, path: str, body=None, **headers):
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body, **headers):
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers):
        return self.call("DELETE", path, **headers)
