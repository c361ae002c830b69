"""A client of the API: typed, small, without a web framework.

>>> from linyin.client import Client
>>> client = Client("https://linyin.example", "linyin_…")  # doctest: +SKIP
>>> for run in client.runs.list(year=2023, state="published"):  # doctest: +SKIP
...     client.report(run["id"], "report.pdf")
"""

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
    from linyin.client.client import Client
    from linyin.client.errors import ApiError, JobFailed
    from linyin.client.mcp_server import NotReadOnly
    from linyin.client.mcp_server import server_of as mcp_server_of
    from linyin.client.resource import Resource
    from linyin.client.types import Job, Me, Row, Totals, YearTotals
else:
    __getattr__, __dir__ = lazy_face(__name__)

__all__ = [
    "ApiError",
    "Client",
    "Job",
    "JobFailed",
    "Me",
    "NotReadOnly",
    "Resource",
    "Row",
    "Totals",
    "YearTotals",
    "mcp_server_of",
]
