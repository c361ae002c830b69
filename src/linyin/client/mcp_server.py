"""An MCP server over standard input and output: what the owner of a read-only token may read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal

from linyin.client.errors import ApiError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from linyin.client.client import Client

__all__ = ["NotReadOnly", "server_of"]

_MOST: Final = 200
_ABOUT: Final = """\
Linyin is a carbon ledger. Masses are whole milligrams of CO2e as text: 1 t = 1 000 000 000 mg.
A run is a calculated inventory; name a run by its id. Never add figures of several runs, nor
scope 2 by location and by market. A figure that is not in an answer is not known: say so.
"""


class NotReadOnly(Exception):
    """The token may change something, which no model should."""


def server_of(client: Client) -> MCPServer[Any]:
    """Return a server whose tools read what the client's token may read.

    Raises
    ------
    NotReadOnly
        If the token is not read-only.
    ApiError
        If the server does not know the token, or does not answer.

    """
    from mcp.server.mcpserver import MCPServer
    from mcp.types import ToolAnnotations

    me = client.me()
    if not me["read_only"]:
        raise NotReadOnly(me["token"] or "")
    server: MCPServer[Any] = MCPServer("linyin", instructions=_ABOUT)
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in (*_of_records(client), *_of_runs(client)):
        server.add_tool(_told(tool), annotations=reads, structured_output=False)
    return server


def _told(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Give a refusal of the API to the model in its words."""

    @wraps(tool)
    def told(*args: Any, **kwargs: Any) -> Any:
        from mcp.server.mcpserver.exceptions import ToolError

        try:
            return tool(*args, **kwargs)
        except ApiError as error:
            raise ToolError(str(error)) from error

    return told


def _of_records(client: Client) -> list[Callable[..., Any]]:
    def whoami() -> dict[str, Any]:
        """Tell whose token this is, and what it may read on which nodes of the organization."""
        return dict(client.me())

    def list_resources() -> list[dict[str, Any]]:
        """List the resources that can be read: their columns, and what they can be filtered by."""
        return client.resources()

    def search(words: str) -> list[dict[str, Any]]:
        """Find records of all resources that hold words."""
        return client.search(words)

    def list_records(
        resource: str,
        filters: dict[str, str] | None = None,
        words: str = "",
        sort: str = "",
        limit: int = 50,
    ) -> list[dict[str, Any]]:
        """List records of a resource, at most 200; `-` before the column turns the order round."""
        wanted = max(1, min(limit, _MOST))
        rows = client.resource(resource).list(q=words, sort=sort, size=wanted, **(filters or {}))
        return [dict(row) for row in islice(rows, wanted)]

    def read_record(resource: str, key: str) -> dict[str, Any]:
        """Read one record."""
        return dict(client.resource(resource).get(key))

    return [whoami, list_resources, search, list_records, read_record]


def _of_runs(client: Client) -> list[Callable[..., Any]]:
    def run_totals(
        run: str,
        method: Literal["location", "market"] = "location",
        by: Literal["line", "scope", "site"] = "scope",
    ) -> dict[str, Any]:
        """Tell what a run emitted, in all and by line, scope or site, in mg CO2e."""
        return dict(client.totals(run, method, by))

    def node_figures(
        node: str,
        year: int,
        method: Literal["location", "market"] = "location",
        by: Literal["line", "scope", "site"] = "scope",
    ) -> dict[str, Any]:
        """Tell what a node emitted in a year, by its own run or one above, in mg CO2e."""
        return dict(client.figures(node, year, method, by))

    def list_entries(
        run: str, filters: dict[str, str] | None = None, limit: int = 20
    ) -> list[dict[str, Any]]:
        """List the entries of a run, the largest first, at most 200."""
        wanted = max(1, min(limit, _MOST))
        rows = client.entries(run, size=wanted, **(filters or {}))
        return [dict(row) for row in islice(rows, wanted)]

    def trace_entry(run: str, entry: str) -> list[dict[str, Any]]:
        """Trace the entries of an activity (`source/external_id`) to row, factor and arithmetic."""
        return client.trace(run, entry)

    def run_findings(run: str, state: Literal["open", "closed"] = "open") -> list[dict[str, Any]]:
        """List what the checks found in a run, at most 200."""
        return list(islice(client.findings(run, state=state), _MOST))

    return [run_totals, node_figures, list_entries, trace_entry, run_findings]
