"""Inviting people: a person and their first grant, and a mail by which they choose a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linyin.lake import BadInput
from linyin.organization.web.models import Node
from linyin.platform.actions import action, require
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.jobs import JobContext, enqueue, job
from linyin.platform.models import Grant, Person
from linyin.platform.parts import Notice
from linyin.platform.roles import roles
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import Lang, lang, lazy_say, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["invite", "invite_again", "invite_person", "send_invitation"]


@action("people.manage")
def invite_person(
    actor: Actor,
    *,
    email: str,
    name: str,
    language: str = "en",
    role: str = "",
    node: Node | None = None,
) -> Person:
    """Make a person, perhaps with a role on a node; a mail tells them how to begin.

    Parameters
    ----------
    email, name, language
        Of the person; the mail is in their language.
    role
        One of `roles()`.
    node
        Where the role holds, with what is below it.

    Raises
    ------
    BadInput
        If the address is known, the role is not, or one of role and node is stated alone.

    """
    address = email.strip().lower()
    known = Person.objects.filter(email__iexact=address).exists()
    require(not known, "person-known", email=address)
    require(not role or role in roles(), "role-unknown", role=role)
    require((node is None) == (not role), "invitation-half-granted")
    person = Person.objects.create_user(address, name=name.strip(), language=language)
    if role and node is not None:
        Grant.objects.create(person=person, role=role, node=node)
    enqueue(actor, "invitation", {"person": person.pk}, key=f"invitation:{person.pk}")
    return person


@action("people.manage")
def invite_again(actor: Actor, person: Person) -> Person:
    """Send the invitation again, to somebody who has no password yet."""
    require(not person.has_usable_password(), "person-begun")
    enqueue(actor, "invitation", {"person": person.pk}, key=f"invitation:{person.pk}")
    return person


@job("invitation")
def send_invitation(context: JobContext, person: int) -> None:
    """Mail somebody the address at which they choose their password; it holds for a week."""
    invited = Person.objects.get(pk=person)
    context.keep("mail", lambda: _mail(invited))


def _mail(person: Person) -> int:
    language: Lang = "zh" if person.language.startswith("zh") else "en"
    token = {
        "uidb36": user_pk_to_url_str(person),
        "key": default_token_generator.make_token(person),
    }
    link = settings.PUBLIC_URL.rstrip("/") + reverse(
        "account_reset_password_from_key", kwargs=token
    )
    fields = {"name": person.name, "email": person.email, "link": link}
    parts = ("dear", "words", "link", "later")
    text = "\n\n".join(say(f"mail.invitation.{part}", language, **fields) for part in parts)
    subject = say("mail.invitation.subject", language)
    return EmailMessage(subject, text + "\n", to=[person.email]).send()


class _Invitation(forms.Form):
    """Who is invited, and as what."""

    name = forms.CharField(max_length=120, label=lazy_say("people.name"))
    email = forms.EmailField(label=lazy_say("people.email"))
    language = forms.ChoiceField(
        choices=[("zh-hans", "中文"), ("en", "English")], label=lazy_say("people.language")
    )
    role = forms.ChoiceField(label=lazy_say("grants.role"))
    node = forms.ChoiceField(label=lazy_say("grants.node"))

    def __init__(self, actor: Actor, data: Any = None) -> None:
        language = lang()
        super().__init__(data, initial={"language": "zh-hans" if language == "zh" else "en"})
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((code, role.names[language]) for code, role in roles().items()),
        ]
        nodes = actor.tree.options(actor.nodes("people.manage"), language)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]


@signed_in
@takes("GET", "POST")
def invite(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite, and invite them."""
    actor = who_asks(request)
    if not actor.may("people.manage"):
        raise PermissionDenied
    form = _Invitation(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        stated = dict(form.cleaned_data)
        node = Node.objects.get(code=stated.pop("node"))
        try:
            person = invite_person(actor, node=node, **stated)
        except BadInput as bad:
            for finding in bad.findings:
                form.add_error(None, finding_text(finding))
        else:
            messages.success(request, say("people.invited", name=person.name, email=person.email))
            return redirect("people-record", person.pk)
    context = {
        "form": form,
        "notices": _mail_notices(),
        "crumbs": [(say("people.title"), reverse("people-list"))],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "platform/invite.html", context, status=status)


def _mail_notices() -> list[Notice]:
    """Tell that mails go nowhere but into a folder, while no mail server is stated."""
    if not settings.MAILERS["default"]["BACKEND"].endswith("filebased.EmailBackend"):
        return []
    help_ = say("people.no_mail.help", folder=settings.WORKSPACE.outbox.name)
    return [Notice(say("people.no_mail"), help_, "warning")]
