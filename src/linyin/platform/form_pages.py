"""A page with one form: shown, checked, done, or shown again with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from linyin.lake import BadInput
from linyin.platform.parts import Button, Notice, Part, Steps
from linyin.platform.refusals import tell_form
from linyin.platform.resources.differences import edit_differences, seen_version
from linyin.platform.stale import Stale

if TYPE_CHECKING:
    from django.forms import BaseForm

    from linyin.platform.stale import Versioned

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
    record: Versioned | None = None,
    there: Callable[[Any], Mapping[str, Any]] | None = None,
    tone: str = "primary",
    is_open: bool = True,
) -> HttpResponse:
    """Show a form; once it is sent and complete, do what it asks and go where that leads.

    Parameters
    ----------
    form
        Bound to the request where something was sent.
    act
        Does it with the form's values and returns an address. What it refuses (`BadInput`) is
        said beside the field that it names, else above the form; what was typed stays.
    button, cancel, tone
        What the one button says; where the other way out leads; `danger` where something is lost.
    below
        What helps to fill the form in, each part under its title.
    steps
        How far the task is that the form is a part of.
    is_open
        Whether it can be done at all now; else the notices say why not, and there is no form.
    record, there
        What the form changes: it carries the version, which `act` states. What `there` returns of
        the record of a stale edit, by field, is shown beside what was typed.

    """
    changed: list[dict[str, str]] = []
    is_stale = False
    version = 0 if record is None else record.version
    if record is not None and request.method == "POST":
        version = seen_version(request)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(act(form.cleaned_data))
        except Stale as stale:
            version, is_stale = stale.record.version, True
            changed = edit_differences(form, there(stale.record)) if there else []
        except BadInput as bad:
            tell_form(bad, form)
    context = {
        "title": title, "lead": lead, "form": form, "crumbs": crumbs, "notices": notices,
        "send": Button(button, tone=tone) if is_open else None, "cancel": cancel,
        "below": below, "steps": steps,
    }  # fmt: skip
    context |= {"stale": is_stale, "changed": changed, "version": version}
    status = 409 if is_stale else 422 if form.errors else 200
    return render(request, "platform/form_page.html", context, status=status)
