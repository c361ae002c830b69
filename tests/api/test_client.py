"""The Python client and the MCP server against a server that runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from linyin.client import ApiError, Client, JobFailed

ROW = {
    "external_id": "u1", "site": "S", "source_type": "mobile_combustion", "item": "diesel",
    "quantity": 10.0, "unit": "L", "period": "2023-05",
}  # fmt: skip


@pytest.fixture
def client(served):
    return Client(*served())


def test_rows_are_iterated_over_all_pages(client):
    codes = [row["code"] for row in client.nodes.list(sort="code", size=2)]
    assert codes == ["E", "F", "G", "S", "T"]
    assert client.nodes.count(kind="site") == 2
    assert [row["code"] for row in client.nodes.list(kind=["site", "group"])] == ["G", "S", "T"]


def test_a_record_is_made_changed_and_removed(client):
    made = client.metrics.create(
        {"node": "S", "metric": "heads", "begin": "2023-01-01", "end": "2024-01-01",
         "value": "3", "unit": "1"}
    )  # fmt: skip
    changed = client.metrics.update(made, value="4", reason="counted")
    assert (changed["value"], changed["version"]) == ("4", 2)

    with pytest.raises(ApiError) as stale:
        client.metrics.update(made, value="5")
    assert (stale.value.status, stale.value.code) == (409, "stale")

    with pytest.raises(ApiError) as stale:
        client.metrics.delete(made)
    assert (stale.value.status, stale.value.code) == (409, "stale")

    client.metrics.delete(changed, reason="counted twice")
    with pytest.raises(ApiError) as gone:
        client.metrics.get(made["id"])
    assert gone.value.status == 404


def test_addresses_may_hold_blanks_and_what_is_no_ascii(client):
    assert client.call("GET", "nodes?q=Ningbo plant")["items"] == []
    for path in ("grid/Ningbo plant/2024", "grid/宁波/2024", "grid/a%20b/2024"):
        with pytest.raises(ApiError) as refused:
            client.call("GET", path)
        assert refused.value.status == 404


def test_a_run_is_calculated_opened_and_reported(client, worker, tmp_path):
    run, = client.calculate("G", [2023], reason="anew")  # fmt: skip

    assert client.totals(run["id"], by="scope")["items"] == [
        {"name": "1", "co2e_mg": "15000000000"}
    ]
    sites = client.totals(run["id"], by="site")["items"]
    assert {s["name"]: s["co2e_mg"] for s in sites} == {"S": "7500000000", "T": "7500000000"}
    entries = list(client.entries(run["id"], size=1))
    assert sum(int(entry["co2e_mg"]) for entry in entries) == 15_000_000_000
    traced, = client.trace(run["id"], "activities/d0")  # fmt: skip
    assert traced["same"]
    assert traced["co2e_mg"] == traced["redone_mg"] == "2500000000"
    report = client.report(run["id"], tmp_path / "report.json", kind="json", language="zh")
    assert json.loads(report.read_text(encoding="utf-8"))
    assert all(found["detail"] for found in client.findings(run["id"]))


def test_an_action_is_done_to_a_run(client):
    run = next(iter(client.runs.list(q="-E-")))
    locked = client.runs.do(run["id"], "lock_run", comment="complete")
    assert locked["state"] == "locked"

    with pytest.raises(ApiError) as twice:
        client.runs.do(run["id"], "lock_run")
    assert (twice.value.status, twice.value.code) == (409, "run-not-draft")


@pytest.mark.parametrize("library", ["pyarrow", "pandas", "polars"])
def test_frames_are_uploaded(client, worker, library):
    import pyarrow as pa

    table = pa.Table.from_pylist([ROW])
    if library == "pandas":
        frame = table.to_pandas()
    elif library == "polars":
        import polars

        frame = polars.from_arrow(table)
    else:
        frame = table
    assert client.upload(frame, source="fleet", reason="May")["result"]["new"] == 1


def test_what_is_wrong_with_a_frame_is_an_exception_with_every_row(client, worker, monkeypatch):
    import pyarrow as pa

    from linyin.inventory.web import api

    frame = pa.Table.from_pylist([ROW | {"site": "NOWHERE"}, ROW | {"external_id": "u2"}])
    with pytest.raises(ApiError) as at_once:
        client.upload(frame, source="fleet")
    assert [f["where"]["row"] for f in at_once.value.problem["findings"]] == [1]

    monkeypatch.setattr(api, "AT_ONCE", 0)
    with pytest.raises(JobFailed) as later:
        client.upload(frame, source="fleet")
    assert [f["where"]["row"] for f in later.value.job["findings"]] == [1]


def test_texts_are_in_the_language_that_is_asked_for(served):
    with pytest.raises(ApiError) as refused:
        Client(*served(), language="zh").nodes.get("no-such-node")
    assert "此处没有内容" in refused.value.detail


def test_a_lost_answer_is_asked_for_again_and_done_once(client, monkeypatch):
    from urllib.error import URLError

    from linyin.client import wire
    from linyin.organization.web.models import Metric

    monkeypatch.setattr(wire.time, "sleep", lambda _: None)
    opened, calls = client._wire._opener.open, []

    def losing(request, timeout):
        answer = opened(request, timeout=timeout)
        calls.append(request.get_header("Idempotency-key"))
        if len(calls) == 1:
            answer.close()
            raise URLError("connection reset")
        return answer

    monkeypatch.setattr(client._wire._opener, "open", losing)
    before = Metric.objects.count()
    client.metrics.create(
        {"node": "S", "metric": "heads", "begin": "2023-01-01", "end": "2024-01-01",
         "value": "3", "unit": "1"}
    )  # fmt: skip

    assert len(calls) == 2
    assert calls[0] == calls[1]
    assert Metric.objects.count() == before + 1


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://linyin.example", ""])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ValueError, match="no address of a server"):
        Client(url, "t")


def test_nobody_answers(monkeypatch):
    from linyin.client import wire

    monkeypatch.setattr(wire.time, "sleep", lambda _: None)
    with pytest.raises(ApiError) as silent:
        Client("http://127.0.0.1:1", "t").me()
    assert (silent.value.status, silent.value.code) == (0, "no-answer")


def test_the_client_loads_no_web_framework():
    code = "import sys, linyin.client; linyin.client.Client('http://x', 't'); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"django", "ninja", "pydantic", "duckdb", "pyarrow"} & set(loaded)


def talk(url: str, secret: str, *calls: tuple[str, dict]):
    """Start `linyin mcp` and call tools; return the names of all tools, and the answers."""
    import anyio
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def conversation():
        command = StdioServerParameters(
            command=sys.executable,
            args=["-c", "from linyin.cli import main; main()", "mcp", "--url", url],
            env=dict(os.environ) | {"LINYIN_TOKEN": secret},
        )
        async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = await session.list_tools()
            answers = [await session.call_tool(name, stated) for name, stated in calls]
            return tools.tools, answers

    with ThreadPoolExecutor(1) as thread:  # the browser keeps a loop in the thread of the tests
        return thread.submit(anyio.run, conversation).result()


def test_a_model_reads_what_the_owner_of_a_read_only_token_may_read(served):
    from linyin.inventory.web.models import RunRecord

    run = str(RunRecord.objects.get(node__code="E").pk)
    other = str(RunRecord.objects.get(node__code="F").pk)
    tools, answers = talk(
        *served("reader", read_only=True),
        ("run_totals", {"run": run, "by": "scope"}),
        ("trace_entry", {"run": run, "entry": "activities/d0"}),
        ("search", {"words": "S"}),
        ("run_totals", {"run": other}),
    )

    assert {"search", "list_resources", "read_record", "run_findings"} <= {t.name for t in tools}
    totals, traced, found, refused = answers
    assert json.loads(totals.content[0].text)["total_mg"] == "7500000000"
    assert json.loads(traced.content[0].text)["same"] is True
    assert not found.is_error
    assert refused.is_error
    assert "404" in refused.content[0].text


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("reader", {"read_only": False}, "may change things"),
        (None, {}, "no token is stated"),
    ],
)
def test_a_token_that_may_write_and_none_at_all_are_refused(served, name, options, told):
    url, secret = served(name, **options) if name else (served()[0], "")
    done = subprocess.run(
        [sys.executable, "-c", "from linyin.cli import main; main()", "mcp", "--url", url],
        env=dict(os.environ) | {"LINYIN_TOKEN": secret},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert done.returncode == 2
    assert told in done.stderr
    assert not done.stdout
