"""What is asked of people in a verification."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.db.models import Model, QuerySet

from linyin.inventory.web.called import gwp_called
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.verification.models import (
    Engagement,
    Opinion,
    Sample,
    SampleItem,
    VerificationFinding,
)
from linyin.platform.grants import visible_to
from linyin.platform.models import Person
from linyin.platform.resources.models import key_of
from linyin.platform.resources.suggested import Suggested
from linyin.platform.words import lang, lazy_say, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linyin.platform.actor import Actor

__all__ = [
    "DrawForm",
    "EngagementForm",
    "MatterForm",
    "OpinionForm",
    "TickForm",
    "agreed",
    "parted",
]

_DAY: Final[dict[str, Any]] = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}
_TONNES: Final[dict[str, Any]] = {"max_digits": 18, "decimal_places": 9, "required": False}


def _choices(prefix: str, values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, say(f"{prefix}.{value}")) for value in values]


class _Several[M: Model](forms.ModelMultipleChoiceField[M]):
    """Some of the records to choose from; a key that no column holds is none of them."""

    def clean(self, value: Any) -> Any:
        model = cast("QuerySet[M]", self.queryset).model
        for key in value or ():
            if key_of(model, str(key)) is None:
                wrong = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(wrong, "invalid_pk_value", {"pk": str(key)[:40]})
        return super().clean(value)


class _Runs(_Several[RunRecord]):
    def label_from_instance(self, obj: RunRecord) -> str:
        return _run_name(obj)


class _Run(forms.ModelChoiceField[RunRecord]):
    def label_from_instance(self, obj: RunRecord) -> str:
        return _run_name(obj)


def _run_name(run: RunRecord) -> str:
    state, approach = say(f"runs.state.{run.state}"), say(f"runs.approach.{run.approach}")
    return " · ".join([str(run.year), run.node.name(lang()), state, approach, gwp_called(run.gwp)])


class EngagementForm(forms.Form):
    """What was agreed with verifiers."""

    node = forms.ChoiceField(
        label=lazy_say("engagements.node"), help_text=lazy_say("engagements.node.help")
    )
    name = forms.CharField(label=lazy_say("engagements.name"), max_length=200)
    firm = forms.CharField(label=lazy_say("engagements.firm"), max_length=200, required=False)
    verifiers = _Several(
        Person.objects.none(), label=lazy_say("engagements.verifiers"),
        widget=forms.CheckboxSelectMultiple, required=False,
        help_text=lazy_say("engagements.verifiers.help"),
    )  # fmt: skip
    runs = _Runs(
        RunRecord.objects.none(), label=lazy_say("engagements.runs"),
        widget=forms.CheckboxSelectMultiple, required=False,
        help_text=lazy_say("engagements.runs.help"),
    )  # fmt: skip
    level = forms.ChoiceField(label=lazy_say("engagements.level"))
    materiality_pct = forms.DecimalField(
        label=lazy_say("engagements.materiality_pct"), min_value=Decimal("0.01"), max_value=100,
        max_digits=5, decimal_places=2, help_text=lazy_say("engagements.materiality_pct.help"),
    )  # fmt: skip
    scope = forms.CharField(
        label=lazy_say("engagements.scope"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy_say("engagements.scope.help"),
    )  # fmt: skip
    begin = forms.DateField(
        label=lazy_say("engagements.begin"), required=False, widget=forms.DateInput(**_DAY)
    )
    due = forms.DateField(
        label=lazy_say("engagements.due"), required=False, widget=forms.DateInput(**_DAY)
    )

    def __init__(
        self, *args: Any, actor: Actor, engagement: Engagement | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["node"].choices = actor.tree.options(actor.nodes("verification.manage"), lang())
        fields["level"].choices = _choices("engagements.level", Engagement.LEVELS)
        fields["verifiers"].queryset = Person.objects.filter(
            grants__role="verifier", is_active=True
        ).distinct()
        runs = visible_to(actor, RunRecord, "inventory.view").select_related("node")
        fields["runs"].queryset = runs.exclude(state="superseded").order_by("-year", "name")
        if engagement is not None:
            del fields["node"]
            kept = engagement.runs.all()
            fields["runs"].queryset = (fields["runs"].queryset | kept).distinct()


_PLAIN: Final = ("name", "firm", "level", "materiality_pct", "scope", "begin", "due")


def agreed(engagement: Engagement) -> dict[str, Any]:
    """Return what was agreed, by the form's fields."""
    plain = {name: getattr(engagement, name) for name in _PLAIN}
    return plain | {"verifiers": engagement.verifiers.all(), "runs": engagement.runs.all()}


def parted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the actions take of the form's values: plain values, people, runs."""
    return {
        "values": {name: values[name] for name in _PLAIN},
        "verifiers": list(values["verifiers"]),
        "runs": list(values["runs"]),
    }


class DrawForm(forms.Form):
    """What is drawn, how, from which seed."""

    run = _Run(RunRecord.objects.none(), label=lazy_say("samples.run"), empty_label=None)
    method = forms.ChoiceField(
        label=lazy_say("samples.method"), help_text=lazy_say("samples.method.help")
    )
    size = forms.IntegerField(
        label=lazy_say("samples.size"), min_value=1, required=False,
        help_text=lazy_say("samples.size.help"),
    )  # fmt: skip
    confidence = forms.ChoiceField(
        label=lazy_say("samples.confidence"), help_text=lazy_say("samples.confidence.help"),
        choices=[("0.95", "95 %"), ("0.90", "90 %"), ("0.80", "80 %")],
    )  # fmt: skip
    seed = forms.CharField(
        label=lazy_say("samples.seed"), max_length=120, help_text=lazy_say("samples.seed.help")
    )
    scope2_method = forms.ChoiceField(label=lazy_say("samples.scope2_method"))
    population = forms.ChoiceField(
        label=lazy_say("samples.population"), help_text=lazy_say("samples.population.help")
    )
    strata = forms.ChoiceField(
        label=lazy_say("samples.strata"), help_text=lazy_say("samples.strata.help")
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["run"].queryset = engagement.runs.select_related("node").order_by("-year")
        fields["method"].choices = _choices("samples.method", Sample.METHODS)
        fields["population"].choices = _choices("samples.population", Sample.POPULATIONS)
        fields["scope2_method"].choices = _choices("samples.scope2_method", ("location", "market"))
        fields["strata"].choices = _choices("samples.strata", Sample.STRATA)
        fields["seed"].initial = str(secrets.randbelow(10**8))

    def clean_confidence(self) -> Decimal:
        """Return it as a number."""
        return Decimal(self.cleaned_data["confidence"])


class TickForm(forms.Form):
    """What following an entry to its evidence has shown."""

    verdict = forms.ChoiceField(label=lazy_say("sample-items.verdict"), widget=forms.RadioSelect)
    difference_t = forms.DecimalField(
        label=lazy_say("sample-items.difference_t"),
        help_text=lazy_say("sample-items.difference_t.help"), **_TONNES,
    )  # fmt: skip
    note = forms.CharField(
        label=lazy_say("sample-items.note"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=lazy_say("sample-items.note.help"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["verdict"].choices = _choices("sample-items.verdict", SampleItem.VERDICTS)


class MatterForm(forms.Form):
    """A finding."""

    run = _Run(
        RunRecord.objects.none(), label=lazy_say("verification-findings.run"), empty_label=None
    )
    kind = forms.ChoiceField(label=lazy_say("verification-findings.kind"))
    severity = forms.ChoiceField(
        label=lazy_say("verification-findings.severity"),
        help_text=lazy_say("verification-findings.severity.help"),
    )
    text = forms.CharField(
        label=lazy_say("verification-findings.text"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy_say("verification-findings.text.help"),
    )  # fmt: skip
    amount_t = forms.DecimalField(label=lazy_say("verification-findings.amount_t"),
        help_text=lazy_say("sample-items.difference_t.help"), **_TONNES,
    )  # fmt: skip
    entry = forms.CharField(
        label=lazy_say("verification-findings.entry"), required=False, max_length=400,
        help_text=lazy_say("verification-findings.entry.help"),
    )  # fmt: skip

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["run"].queryset = engagement.runs.select_related("node").order_by("-year")
        fields["kind"].choices = _choices("verification-findings.kind", VerificationFinding.KINDS)
        severities = _choices("verification-findings.severity", VerificationFinding.SEVERITIES)
        fields["severity"].choices = [("", "—"), *severities]
        drawn = SampleItem.objects.filter(sample__engagement=engagement).order_by("line", "entry")
        fields["entry"].widget = Suggested(
            lambda: [(item.entry, f"{item} · {item.entry}") for item in drawn]
        )


class OpinionForm(forms.Form):
    """An opinion on one of the runs that are ready for it."""

    run = _Run(RunRecord.objects.none(), label=lazy_say("opinions.run"), empty_label=None)
    kind = forms.ChoiceField(label=lazy_say("opinions.kind"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=lazy_say("opinions.text"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=lazy_say("opinions.text.help"),
    )  # fmt: skip

    def __init__(self, *args: Any, ready: Iterable[RunRecord], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        found = RunRecord.objects.filter(pk__in=[run.pk for run in ready])
        fields["run"].queryset = found.select_related("node").order_by("-year")
        fields["kind"].choices = [
            (kind, f"{say(f'opinions.kind.{kind}')} – {say(f'opinions.kind.{kind}.help')}")
            for kind in Opinion.KINDS
        ]
