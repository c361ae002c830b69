"""Starts processes of a workspace fast: everything is imported and read once, then it forks.

Run as a program: `python nursery.py ROOT LOG`. A line of its input is a function of `scenes` and
what it is given; the answer is the exit code of the process that did it, and its result.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from linyin.platform.bootstrap import start

LOADED = (
    "duckdb", "pyarrow.parquet", "pyarrow.compute", "deltalake", "narwhals", "pandas", "typst",
    "django_tasks_db.management.commands.db_worker", "linyin.inventory.report.write",
    "linyin.inventory.calculate", "linyin.platform.urls",
)  # fmt: skip


def main() -> None:
    root = Path(sys.argv[1])
    start(root)
    for name in LOADED:
        importlib.import_module(name)
    import scenes

    from linyin.ledger import parse_unit

    parse_unit("kWh")

    for line in sys.stdin:
        asked = json.loads(line)
        answer = root.with_name("answer.json")
        answer.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            do(getattr(scenes, asked["do"]), asked["given"], answer)
        _, status = os.waitpid(child, 0)
        result = json.loads(answer.read_text()) if answer.exists() else None
        told = {"code": os.waitstatus_to_exitcode(status), "result": result}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def do(function: Any, given: dict[str, Any], answer: Path) -> NoReturn:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    code = 1
    try:
        result = function(**given)
        answer.write_text(json.dumps(result, default=str))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
