"""A page with one form: shown, checked, done, or shown again with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from linyin.lake import BadInput, render_finding
from linyin.platform.parts import Button, Notice, Part, Steps
from linyin.platform.words import lang

if TYPE_CHECKING:
    from django.forms import BaseForm

__all__ = ["form_page"]


def form_page(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[dict[str, Any]], str],
    *,
    title: str,
    button: str,
    cancel: str,
    lead: str = "",
    crumbs: Sequence[tuple[str, str]] = (),
    notices: Sequence[Notice] = (),
    below: Sequence[tuple[str, Part]] = (),
    steps: Steps | None = None,
) -> HttpResponse:
    """Show a form; once it is sent and complete, do what it asks and go where that leads.

    Parameters
    ----------
    form
        Bound to the request where something was sent.
    act
        Does it with the form's values and returns an address. What it refuses (`BadInput`) is
        said beside the field that it names, else above the form; what was typed stays.
    button, cancel
        What the one button says; where the other way out leads.
    below
        What helps to fill the form in, each part under its title.
    steps
        How far the task is that the form is a part of.

    """
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(act(form.cleaned_data))
        except BadInput as bad:
            for finding in bad.findings:
                column = finding.at.column if finding.at.column in form.fields else None
                form.add_error(column, render_finding(finding, lang()))
    context = {
        "title": title, "lead": lead, "form": form, "crumbs": crumbs, "notices": notices,
        "send": Button(button, tone="primary"), "cancel": cancel, "below": below, "steps": steps,
    }  # fmt: skip
    return render(request, "platform/form_page.html", context, status=422 if form.errors else 200)
