"""No kind of job goes without a case that kills its worker, or a reason why it needs none."""

from __future__ import annotations

import ast
from pathlib import Path

from linyin.platform.work.kinds import kinds

SPARED = {
    "api.forget": "one DELETE",
    "clean-up": "removes what is old; what a killed one left the next removes",
    "inventory.assess": "one UPDATE; what it works in, the next scratch folder sweeps",
    "inventory.clean_up": "removes what is old; what a killed one left the next removes",
    "inventory.read_import": "one UPDATE; before it only reads",
    "invitation": "one mail, which may come twice",
    "ledger.remind": "each mail may come twice; that it was sent is one row",
    "sweep-lake": "is what mends the others, and runs in each of their cases",
    "tidy-lake": "tests/lake/test_faults.py kills what merges and removes files",
    "verify-audit": "only reads",
    "webhooks.deliver": "one call, which may come twice; its row is settled in one transaction",
}


def killed():
    """Return the kinds whose worker a test of this folder kills."""
    return {
        argument.value
        for file in Path(__file__).parent.glob("test_*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "killed_everywhere"
        for argument in call.args[2:3]
    }


def test_the_worker_of_every_kind_of_job_is_killed_or_spared_with_a_reason():
    ours = {name for name, kind in kinds().items() if kind.function.__module__.startswith("linyin")}

    assert {"inventory.calculate", "inventory.import"} <= killed()
    assert killed() | set(SPARED) == ours
    assert not killed() & set(SPARED)
