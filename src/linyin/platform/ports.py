"""Ports of this machine, asked before anything is begun that would be served on one."""

from __future__ import annotations

import os
import socket

from linyin.lake import BadInput, Finding

__all__ = ["require_port"]


def require_port(host: str, port: int) -> None:
    """Find out whether a port can be had.

    Raises
    ------
    BadInput
        If it cannot, with the reason.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family, reuse_port=False).close()
    except OSError as error:
        problem = os.strerror(error.errno) if error.errno else str(error)
        fields: dict[str, str | int] = {"host": host, "port": port, "problem": problem}
        raise BadInput([Finding("port-in-use", "error", fields=fields)]) from error
