"""What is kept running: workers, and the web server beside them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import close_old_connections

from linyin.lake import BadInput, Finding
from linyin.platform.models import Person
from linyin.platform.ports import require_port
from linyin.platform.work.rescue import take_up
from linyin.platform.work.schedule import ask_for_due
from linyin.platform.work.supervisor import Child, Supervisor

__all__ = ["require_servable", "supervise_web", "supervise_workers", "workers"]

_THREADS = 8
_HERE = "127.0.0.1"
_CHORES = (close_old_connections, take_up, ask_for_due)  # the first: a database may be restarted


def require_servable(host: str, *, is_demo: bool) -> None:
    """Refuse to serve people who sign in without a password to anybody but this machine.

    Raises
    ------
    BadInput
        If there are demo people and this is no demo, or a demo would be served elsewhere.

    """
    if is_demo and host != _HERE:
        raise BadInput([Finding("demo-host", "error", fields={"host": host})])
    if not is_demo and Person.objects.filter(is_demo=True).exists():
        raise BadInput([Finding("demo-people", "error")])


def workers(number: int, command: Sequence[str] = ()) -> list[Child]:
    """Return so many worker processes of this process's workspace."""
    stated = command or (sys.executable, "-m", "linyin.platform.work.worker")
    return [Child(f"worker {n + 1}", stated, _environment()) for n in range(number)]


def supervise_workers(
    number: int, command: Sequence[str] = (), *, begun: Callable[[], object] = lambda: None
) -> None:
    """Keep workers running, take up what the dead left, ask for what is due; until stopped."""
    Supervisor(workers(number, command), _CHORES).run(begun)


def supervise_web(
    host: str,
    port: int,
    *,
    processes: int,
    worker_processes: int,
    begun: Callable[[], object] = lambda: None,
) -> None:
    """Serve the pages, with workers beside unless there are to be none; until stopped.

    Parameters
    ----------
    host, port
        Where the web server listens.
    processes, worker_processes
        How many of each.
    begun
        Called once they have been started.

    Raises
    ------
    BadInput
        If the port cannot be had.

    """
    require_port(host, port)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [sys.executable, "-m", "gunicorn", "linyin.platform.wsgi:application"]
    command += ["--bind", address, "--workers", str(processes), "--threads", str(_THREADS)]
    command += ["--worker-class", "gthread", "--timeout", "120", "--graceful-timeout", "20"]
    command += ["--keep-alive", "65"]  # longer than people and proxies pause between pages
    command += ["--log-level", "warning", "--no-control-socket"]
    web = Child("web server", command, _environment())
    chores = _CHORES if worker_processes else ()
    Supervisor([web, *workers(worker_processes)], chores).run(begun)


def _environment() -> dict[str, str]:
    place = settings.WORKSPACE
    return {
        **os.environ,
        "LINYIN_WORKSPACE": str(place.root),
        "LINYIN_DATABASE_URL": place.database_url,
        "LINYIN_LAKE_URL": place.lake_url,
        "DJANGO_SETTINGS_MODULE": "linyin.platform.settings",
    }
