"""One resource: its rows, read, made, changed, removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from linyin.client.types import Intake, Job, Row, Sight
from linyin.client.wire import path_part

if TYPE_CHECKING:
    from pathlib import Path

    from linyin.client.wire import Wire

__all__ = ["Resource"]


class Resource:
    """The rows of a resource.

    Parameters
    ----------
    wire
        How it is reached.
    name
        As the API calls it: `metrics`, `runs`, `own-factors`.

    """

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire, self.name = wire, name

    def list(
        self, *, q: str = "", sort: str = "", size: int = 200, **filters: Any
    ) -> Iterator[Row]:
        """Yield the rows that filters find, page after page.

        Parameters
        ----------
        q
            Words that a row must hold.
        sort
            Column, with `-` before it for the largest first.
        size
            Rows of a page.
        filters
            By name; a list = any of them.

        """
        asked = {"q": q or None, "sort": sort or None, "size": size, **filters}
        path: str | None = self.name
        while path:
            page = self._wire.call("GET", path, query=asked).json()
            yield from page["items"]
            path, asked = page["next"], {}

    def count(self, **filters: Any) -> int:
        """Count the rows that filters find, at most 10 000."""
        asked = {"size": 1, "count": "true", **filters}
        return int(self._wire.call("GET", self.name, query=asked).json()["count"])

    def get(self, key: object) -> Row:
        """Return one row."""
        row: Row = self._wire.call("GET", self._path(key)).json()
        return row

    def create(
        self, values: Mapping[str, Any], *, seen: str = "", idempotency_key: str = ""
    ) -> Row:
        """Make a record and return it."""
        made: Row = self._wire.call(
            "POST", self.name, query=_seen(seen), body=values, key=idempotency_key
        ).json()
        return made

    def update(self, row: Row, *, reason: str = "", seen: str = "", **values: Any) -> Row:
        """Change fields of a row that was read before; a newer one there is an error, `stale`."""
        body = {**values, "version": row["version"], "reason": reason}
        path = self._path(row["id"])
        changed: Row = self._wire.call("PATCH", path, query=_seen(seen), body=body).json()
        return changed

    def delete(self, row: Row, *, reason: str = "", seen: str = "") -> None:
        """Remove a row that was read before; a newer one there is an error, `stale`."""
        query = {"version": row["version"], **({"reason": reason} if reason else {}), **_seen(seen)}
        self._wire.call("DELETE", self._path(row["id"]), query=query)

    def do(self, key: object, action: str, *, seen: str = "", **values: Any) -> Row | Job | None:
        """Do an action to a record: the row as it is then, a job, or None if it is gone."""
        done: Row | Job | None = self._wire.call(
            "POST", f"{self._path(key)}/{path_part(action)}", query=_seen(seen),
            body=values or None,
        ).json()  # fmt: skip
        return done

    def sight(self, verb: str, row: Row | None = None, **values: Any) -> Sight:
        """Return who would gain and lose sight of what; nothing is done.

        What decides who sees what (standings, grants, moving a node) asks for the `digest` of it
        as `seen`.

        Parameters
        ----------
        verb
            `create`, `update`, `delete`, or the name of an action.
        row
            The record, as it was read; none to create one.
        values
            As they would be stated.

        """
        if verb == "update" and row is not None:
            values["version"] = row["version"]
        path = self.name if row is None else self._path(row["id"])
        method = {"create": "POST", "update": "PATCH", "delete": "DELETE"}.get(verb, "")
        if not method:
            method, path = "POST", f"{path}/{path_part(verb)}"
        query = {"dry_run": "true"}
        if verb == "delete" and row is not None:
            query["version"] = str(row["version"])
        told: Sight = self._wire.call(method, path, query=query, body=values or None).json()
        return told

    def file(
        self, path: Path | str, kind: Literal["csv", "xlsx", "parquet"], **filters: Any
    ) -> None:
        """Write the rows that filters find to a file."""
        from pathlib import Path

        answer = self._wire.call("GET", f"{self.name}/file.{kind}", query=filters)
        Path(path).write_bytes(answer.body)

    def weigh(self, path: Path | str) -> Intake:
        """Return what a CSV or XLSX file of records would do; nothing is written."""
        return self._bring(path, {"dry_run": "true"}, "")

    def bring_in(
        self, path: Path | str, *, seen: str = "", reason: str = "", idempotency_key: str = ""
    ) -> Intake:
        """Make and change records by the rows of a CSV or XLSX file: all of them, or none.

        Parameters
        ----------
        path
            The file; a row changes the record that it identifies, else it makes one.
        seen
            `digest` of what :meth:`weigh` told: if it would do anything else by now, nothing is
            written.

        Raises
        ------
        ApiError
            With `findings` by row and column; `preview-changed` if it is not what was seen.

        """
        return self._bring(path, {"seen": seen, "reason": reason}, idempotency_key)

    def _bring(self, path: Path | str, asked: Mapping[str, str], key: str) -> Intake:
        from pathlib import Path

        file = Path(path)
        answer = self._wire.call(
            "POST", f"{self.name}/import", query={"name": file.name, **asked},
            data=file.read_bytes(), media_type="application/octet-stream", key=key,
        )  # fmt: skip
        told: Intake = answer.json()
        return told

    def _path(self, key: object) -> str:
        return f"{self.name}/{path_part(key)}"


def _seen(digest: str) -> dict[str, str]:
    return {"seen": digest} if digest else {}
