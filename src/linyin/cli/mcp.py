"""`linyin mcp`: an MCP server that reads what a read-only token may read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from linyin.cli.command import Answer, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["mcp"]

TOKEN: Final = "LINYIN_TOKEN"  # noqa: S105 - the name of a variable


@command("mcp")
@option("--url", envvar="LINYIN_URL", default="http://127.0.0.1:8000", show_default=True,
        help="option.url")  # fmt: skip
def mcp(session: Session, url: str) -> Answer:
    """Serve MCP on standard input and output until it ends."""
    from linyin.client import ApiError, Client, NotReadOnly, mcp_server_of
    from linyin.lake import BadInput, Finding

    token = os.environ.get(TOKEN, "")
    if not token:
        raise BadInput([Finding("mcp-without-token", "error", fields={"variable": TOKEN})])
    try:
        server = mcp_server_of(Client(url, token, language=session.lang))
    except ValueError as error:
        raise BadInput([Finding("mcp-address", "error", fields={"value": url})]) from error
    except NotReadOnly as error:
        fields = {"token": str(error)}
        raise BadInput([Finding("mcp-token-writes", "error", fields=fields)]) from error
    except ApiError as error:
        fields = {"url": url, "problem": error.detail}
        raise BadInput([Finding("mcp-refused", "error", fields=fields)]) from error
    server.run("stdio")
    return Answer({"ok": True, "url": url})
