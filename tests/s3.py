"""An S3 object store for tests: moto's server in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import boto3
import pytest


@pytest.fixture(scope="module")
def s3_server():
    """The address of a running store."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = str(found.getsockname()[1])
    running = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until_it_answers(int(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def until_it_answers(port: int) -> None:
    """Wait for a server."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the store does not answer")


@pytest.fixture
def bucket(s3_server, monkeypatch):
    """An empty bucket, and the environment by which it is reached."""
    stated = {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in stated.items():
        monkeypatch.setenv(name, value)
    made = boto3.resource("s3").Bucket("carbon")
    made.create()
    yield made
    made.objects.all().delete()
    made.delete()
