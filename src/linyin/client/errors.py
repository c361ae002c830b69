"""What goes wrong: the API's problem, or a job's findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linyin.client.types import Job

__all__ = ["ApiError", "JobFailed"]


class ApiError(Exception):
    """The API refused a request.

    Attributes
    ----------
    status
        HTTP status; 0 if nobody answered.
    code
        Stable name of the problem.
    detail
        The problem in words.
    where
        The field that is wrong, '' if it is none.
    problem
        The whole answer: `findings`, `differences`, `version`.

    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail", ""))
        self.where = str(problem.get("where", ""))
        place = f"{self.where}: " if self.where else ""
        super().__init__(f"{status} {self.code}: {place}{self.detail}")


class JobFailed(Exception):
    """A job did not come to its end.

    Attributes
    ----------
    job
        As it stands: `state` and `findings`.

    """

    def __init__(self, job: Job) -> None:
        self.job = job
        told = "; ".join(str(found["detail"]) for found in job["findings"][:5])
        super().__init__(f"{job['kind']} {job['state']}" + (f": {told}" if told else ""))
