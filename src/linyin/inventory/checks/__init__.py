"""Checks: what in an inventory looks wrong, and where."""

from linyin.inventory.checks.registry import CHECKS, GAPS, Check
from linyin.inventory.checks.run import run_checks

__all__ = ["CHECKS", "GAPS", "Check", "run_checks"]
