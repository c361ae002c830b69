"""The first run of a workspace: its enterprise, its sites, its first administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from linyin.inventory.web.models import Settings
from linyin.lake import BadInput, Finding
from linyin.ledger import APPROACHES, place_parents
from linyin.organization import WORLD
from linyin.organization.web.models import Node, Standing
from linyin.platform.actions import require
from linyin.platform.audit import record_event
from linyin.platform.models import Grant, Person

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["BEGIN", "FirstAnswers", "begin", "is_begun", "require_good"]

BEGIN: Final = "inventory.begin"
_ROLES = ("administrator", "carbon_office")
_LONGEST = 80
_YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """What is asked before anything else.

    Attributes
    ----------
    name
        Of the enterprise; also the code of its node.
    country
        ISO 3166 code.
    sites
        Names of the first sites; also their codes.
    language
        `en` or `zh-hans`: of the administrator, and of the names.
    email, person, password
        Of the first administrator.

    """

    name: str
    country: str
    sites: Sequence[str]
    base_year: int
    approach: str
    language: str
    email: str
    person: str
    password: str


def is_begun() -> bool:
    """Whether the workspace has an enterprise or people."""
    return Node.objects.exists() or Person.objects.exists()


def begin(actor: Actor, answers: FirstAnswers) -> Person:
    """Make the enterprise, its sites and its first administrator, who is also its carbon office.

    Raises
    ------
    BadInput
        With everything that is wrong, or if the workspace has begun already.

    """
    with transaction.atomic():
        require(not is_begun(), "workspace-begun")
        require_good(answers)
        root = _node(answers, answers.name.strip(), "group", None)
        for site in answers.sites:
            _node(answers, site.strip(), "site", root)
        settings = Settings.now()
        settings.config = {
            "inventory": {
                _named(answers): answers.name.strip(),
                "reporter": root.code,
                "approach": answers.approach,
            },
            "base_year": {"year": answers.base_year},
        }
        settings.save()
        person = Person.objects.create_user(
            answers.email.strip(),
            answers.password,
            name=answers.person.strip(),
            language=answers.language,
        )
        for role in _ROLES:
            Grant.objects.create(person=person, role=role, node=root)
        record_event(
            actor,
            BEGIN,
            subject=Person._meta.label_lower,
            key=str(person.pk),
            node=root.code,
            after={"enterprise": root.code, "email": person.email, "sites": list(answers.sites)},
        )
    return person


def _named(answers: FirstAnswers) -> str:
    return "name_zh" if answers.language.startswith("zh") else "name_en"


def _node(answers: FirstAnswers, name: str, kind: str, parent: Node | None) -> Node:
    node = Node.objects.create(code=name, kind=kind, **{_named(answers): name})
    Standing.objects.create(node=node, parent=parent, country=answers.country)
    return node


def require_good(answers: FirstAnswers) -> None:
    """Look at the answers; the workspace need not be there yet.

    Raises
    ------
    BadInput
        With everything that is wrong with them.

    """
    names = [answers.name.strip(), *(site.strip() for site in answers.sites)]
    wrong = {
        "name-missing": not all(names) or not answers.person.strip(),
        "name-too-long": any(len(name) > _LONGEST for name in names),
        "name-twice": len(set(names)) < len(names),
        "base-year-odd": answers.base_year not in _YEARS,
        "approach-unknown": answers.approach not in APPROACHES,
        "country-unknown": not _is_country(answers.country),
        "email-broken": not _is_email(answers.email),
    }
    findings = [Finding(f"begin-{code}", "error") for code, is_so in wrong.items() if is_so]
    someone = Person(email=answers.email, name=answers.person)
    try:
        validate_password(answers.password, someone)
    except ValidationError as error:
        fields = {"problem": " ".join(error.messages)}
        findings.append(Finding("begin-password-weak", "error", fields=fields))
    if findings:
        raise BadInput(findings)


def _is_country(code: str) -> bool:
    return place_parents().get(code, "") in ("", WORLD) if code in place_parents() else False


def _is_email(text: str) -> bool:
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return True
