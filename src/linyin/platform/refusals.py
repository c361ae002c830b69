"""What a form is told when what it states was refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linyin.lake import BadInput, Where, render_finding
from linyin.platform.words import lang

if TYPE_CHECKING:
    from django.forms import BaseForm

__all__ = ["tell_form"]


def tell_form(bad: BadInput, *forms: BaseForm) -> None:
    """Put each finding beside the field that it is about.

    One about something else stands above the last of the forms, with its place.
    """
    for finding in bad.findings:
        column = finding.at.column
        form = next((form for form in forms if column in form.fields), None)
        if form is None:
            forms[-1].add_error(None, render_finding(finding, lang()))
        else:
            form.add_error(column, render_finding(replace(finding, at=Where()), lang()))
