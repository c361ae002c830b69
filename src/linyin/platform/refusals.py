"""What a form is told when what it states was refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linyin.lake import BadInput, Where
from linyin.platform.findings import finding_text

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
            forms[-1].add_error(None, finding_text(finding))
        else:
            form.add_error(column, finding_text(replace(finding, at=Where())))
