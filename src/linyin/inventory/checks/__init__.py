"""Checks: what in an inventory looks wrong, and where."""

from linyin.inventory.checks.registry import CHECKS, Check
from linyin.inventory.checks.run import run_checks

__all__ = ["CHECKS", "Check", "run_checks"]
