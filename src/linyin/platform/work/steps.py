"""What the steps of jobs are called."""

from __future__ import annotations

from linyin.platform.words import say, words

__all__ = ["step_called"]


def step_called(step: str) -> str:
    """Return what a step is called: by its own words, or those of the platform's jobs."""
    key = next((key for key in (step, f"job.step.{step}") if key in words()), "")
    return say(key) if key else step
