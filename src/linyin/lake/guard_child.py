"""The child of `linyin.lake.guard`: takes its limits on itself, reads one file, and ends."""

from __future__ import annotations

import json
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

import pyarrow as pa

from linyin.lake.files import read_here
from linyin.lake.findings import BadInput
from linyin.lake.guard import OUT_OF_MEMORY, write_findings, write_sheets
from linyin.lake.limits import Limits


def main() -> int:
    """Read the job from stdin, leave the sheets in its folder, return the exit code."""
    job = json.load(sys.stdin)
    limits = Limits(**job["limits"])
    sys.meta_path.insert(0, _NoPandas())
    folder = Path(job["out"])
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    _bound(limits)
    try:
        write_sheets(read_here(Path(job["path"]), job["hint"], limits), folder)
    except BadInput as error:
        write_findings(error, folder)
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


class _NoPandas(MetaPathFinder):
    """Arrow would load pandas, where there is one, to ask whether a value is of it: 0.4 s."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Say that there is none."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def _bound(limits: Limits) -> None:
    """Take the limits on memory and processor time, where the system has them."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        bound = pages * resource.getpagesize() + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


if __name__ == "__main__":
    sys.exit(main())
