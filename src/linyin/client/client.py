"""The client: resources, runs, uploads, jobs."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from linyin.client.errors import ApiError, JobFailed
from linyin.client.resource import Resource
from linyin.client.types import Job, Me, Row, Totals, YearTotals
from linyin.client.wire import Wire, path_part

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Client"]

type Method = Literal["location", "market"]


class Client:
    """A server of Linyin, as the owner of a token sees it.

    Parameters
    ----------
    url
        Address of the server: `https://linyin.example`.
    token
        Secret of a token, from the page API tokens.
    language
        `en` or `zh`, for texts.
    timeout
        Of one request. [s]

    """

    def __init__(
        self, url: str, token: str, *, language: str = "en", timeout: float = 60.0
    ) -> None:
        self._wire = Wire(url, token, language, timeout)

    def resource(self, name: str) -> Resource:
        """Return a resource by name; :meth:`resources` lists them."""
        return Resource(self._wire, name)

    def call(self, method: str, path: str, body: Any = None, **asked: Any) -> Any:
        """Call a route that has no method here, and return the JSON that it answers.

        Parameters
        ----------
        method
            GET, POST, PATCH or DELETE.
        path
            Below `/api/v1/`, without a slash before it: `grid/SHENZHEN/2024`.
        body
            What is stated, as JSON; bytes are sent as a file.
        asked
            What the address asks, by name.

        """
        if isinstance(body, bytes):
            media = "application/octet-stream"
            return self._wire.call(method, path, query=asked, data=body, media_type=media).json()
        return self._wire.call(method, path, query=asked, body=body).json()

    @cached_property
    def runs(self) -> Resource:
        """Calculated inventories."""
        return self.resource("runs")

    @cached_property
    def nodes(self) -> Resource:
        """Groups, entities, sites, departments."""
        return self.resource("nodes")

    @cached_property
    def metrics(self) -> Resource:
        """Revenue, heads, area, throughput."""
        return self.resource("metrics")

    @cached_property
    def activities(self) -> Resource:
        """What happened: quantities over periods."""
        return self.resource("activities")

    def me(self) -> Me:
        """Return who the token's owner is."""
        found: Me = self._wire.call("GET", "me").json()
        return found

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources that the owner may see: names, columns, filters, actions."""
        found: list[dict[str, Any]] = self._wire.call("GET", "resources").json()["items"]
        return found

    def search(self, words: str) -> list[dict[str, Any]]:
        """Return records of all resources that hold words."""
        asked = {"q": words}
        found: list[dict[str, Any]] = self._wire.call("GET", "search", query=asked).json()["items"]
        return found

    def calculate(self, node: str, years: Sequence[int], **options: Any) -> list[Row]:
        """Calculate runs of a node, wait for them, and return them.

        Parameters
        ----------
        node
            Code of the reporting node.
        years
            Years of the inventory.
        options
            `approach`, `gwp`, `standard`, `reason`, `restates`.

        """
        body = {"node": node, "years": list(years), **options}
        job = self.wait(self._wire.call("POST", "runs/request", body=body).json())
        return [self.runs.get(key) for key in job["result"]["runs"]]

    def totals(
        self,
        run: object,
        method: Method = "location",
        by: Literal["line", "scope", "site"] = "line",
        node: str = "",
    ) -> Totals:
        """Return what a run, or a node's part of it, emitted. [mg CO2e, as text]"""
        asked = {"method": method, "by": by, "node": node}
        path = f"runs/{path_part(run)}/totals"
        found: Totals = self._wire.call("GET", path, query=asked).json()
        return found

    def figures(
        self,
        node: str,
        year: int,
        method: Method = "location",
        by: Literal["line", "scope", "site"] = "line",
    ) -> YearTotals:
        """Return what a node emitted in a year, by its own run or one above. [mg CO2e, as text]"""
        asked = {"node": node, "year": year, "method": method, "by": by}
        found: YearTotals = self._wire.call("GET", "figures", query=asked).json()
        return found

    def findings(self, run: object, *, state: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield what was found in a run."""
        after: int | None = 0
        while after is not None:
            asked = {"after": after, "size": 500, "state": state}
            page = self._wire.call("GET", f"runs/{path_part(run)}/findings", query=asked).json()
            yield from page["items"]
            after = page["next"]

    def entries(self, run: object, **asked: Any) -> Iterator[Row]:
        """Yield the entries of a run that filters find."""
        return Resource(self._wire, f"runs/{path_part(run)}/entries").list(**asked)

    def trace(self, run: object, entry: str) -> list[dict[str, Any]]:
        """Return the entries of an activity (`source/external_id`) with their arithmetic."""
        path = f"runs/{path_part(run)}/trace"
        traced = self._wire.call("GET", path, query={"entry": entry}).json()
        found: list[dict[str, Any]] = traced["items"]
        return found

    def report(
        self,
        run: object,
        path: Path | str,
        *,
        kind: Literal["pdf", "xlsx", "json"] = "pdf",
        language: Literal["en", "zh"] = "en",
    ) -> Path:
        """Download the report of a run; wait for it if it has to be written first."""
        address, target = f"runs/{path_part(run)}/report/{language}.{kind}", Path(path)
        try:
            answer = self._wire.call("GET", address)
        except ApiError as error:
            if error.code != "report-missing":
                raise
            self.wait(self._wire.call("POST", address).json())
            answer = self._wire.call("GET", address)
        target.write_bytes(answer.body)
        return target

    def upload(
        self,
        frame: Any,
        *,
        source: str,
        mode: Literal["delta", "full"] = "delta",
        reason: str = "",
        wait: bool = True,
    ) -> Job:
        """Upload activities: a frame of any library, or a Parquet file.

        Parameters
        ----------
        frame
            pandas, polars, pyarrow, DuckDB …, or the path of a Parquet file.
        source
            Source of rows that name none.
        mode
            `full`: it is all that its sources have, so rows that it lacks are removed.
        reason
            Kept with every row that changes.
        wait
            Whether to wait until it is posted.

        Raises
        ------
        ApiError
            With `findings` row by row, if the upload was checked before it was accepted.
        JobFailed
            With `findings` row by row, if the job found something wrong.

        """
        if isinstance(frame, str | Path):
            data, media_type = Path(frame).read_bytes(), "application/vnd.apache.parquet"
        else:
            from linyin.lake import frame_to_arrow

            data, media_type = _stream(frame_to_arrow(frame)), "application/vnd.apache.arrow.stream"
        asked = {"source": source, "mode": mode, "reason": reason}
        job: Job = self._wire.call(
            "POST", "activities/bulk", query=asked, data=data, media_type=media_type
        ).json()
        return self.wait(job) if wait else job

    def job(self, key: str) -> Job:
        """Return how a job stands."""
        found: Job = self._wire.call("GET", f"jobs/{path_part(key)}").json()
        return found

    def cancel(self, key: str) -> Job:
        """Cancel a job."""
        found: Job = self._wire.call("POST", f"jobs/{path_part(key)}/cancel").json()
        return found

    def wait(self, job: Job | str, *, timeout: float = 3600.0, every: float = 1.0) -> Job:
        """Wait until a job is done.

        Raises
        ------
        JobFailed
            If it failed or was cancelled.
        TimeoutError
            If it is not over in time; it goes on.

        """
        key = job if isinstance(job, str) else job["id"]
        until, pause = time.monotonic() + timeout, 0.1
        while True:
            now = self.job(key)
            if now["state"] == "done":
                return now
            if now["state"] in ("failed", "cancelled"):
                raise JobFailed(now)
            if time.monotonic() > until:
                raise TimeoutError(f"{now['kind']} {key} is {now['state']}")
            time.sleep(pause)
            pause = min(every, pause * 2)


def _stream(table: pa.Table) -> bytes:
    import pyarrow as pa

    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()
