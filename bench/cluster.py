"""A standalone Spark cluster on this machine: a master and two workers, gone afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS_TO_START = 60


@contextmanager
def cluster(logs: Path, *, workers: int = 2, memory: str = "2g") -> Iterator[str]:
    """Start a master and its workers on the loopback address; give the master's URL.

    Raises
    ------
    TimeoutError
        If the workers have not registered within a minute; the logs say why.

    """
    import pyspark

    spark = Path(pyspark.__file__).parent
    port = _free_port()
    url = f"spark://127.0.0.1:{port}"
    environment = os.environ | {
        "SPARK_HOME": str(spark),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
        "SPARK_WORKER_DIR": str(logs / "work"),
    }
    logs.mkdir(parents=True, exist_ok=True)
    here = ["--host", "127.0.0.1", "--webui-port", "0"]
    commands = [["org.apache.spark.deploy.master.Master", *here, "--port", str(port)]]
    commands += [
        ["org.apache.spark.deploy.worker.Worker", *here, "--cores", "1", "--memory", memory, url]
    ] * workers
    started: list[subprocess.Popen[bytes]] = []
    try:
        for number, command in enumerate(commands):
            with (logs / f"{number}.log").open("wb") as log:
                started.append(
                    subprocess.Popen(
                        [spark / "bin" / "spark-class", *command],
                        env=environment,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )
                )
        _await_workers(logs / "0.log", workers)
        yield url
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_workers(log: Path, workers: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while log.read_text(errors="replace").count("Registering worker") < workers:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the workers did not register; see {log.parent}")
        time.sleep(0.2)
