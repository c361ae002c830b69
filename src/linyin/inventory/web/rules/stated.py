"""The rules as pages tell and ask them: keys in words, a field or a table each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from django import forms

from linyin.inventory import APPROVAL_LEVELS
from linyin.inventory.config import Config, parse_config
from linyin.inventory.web.records import stated_config
from linyin.inventory.web.rules.tables import TABLES, RuleTable, input_called
from linyin.ledger import APPROACHES, GWP_SETS, STANDARDS, pack_name, pack_names
from linyin.platform.actions import LONGEST_TEXT
from linyin.platform.numbers import number
from linyin.platform.times import day
from linyin.platform.words import lang, say, words

__all__ = ["ASKED", "Asked", "differences", "merged", "told"]

type Kind = Literal[
    "text", "long", "choice", "several", "names", "integer", "number", "flag", "day"
]
type Choices = Sequence[str] | Callable[[], Sequence[tuple[str, str]]]
type Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A key that the form asks by a field of its own.

    Attributes
    ----------
    key
        `section.key` of `linyin.toml`; its words are `rules.<key>`.
    path
        Where a :class:`linyin.inventory.config.Config` has its value, or what reads it there.
    kind
        `several`: some of the choices; `names`: texts, one a line.
    choices
        What is allowed; each has its words `rules.<key>.<choice>`, or is called as it is written.
        Or what tells what is to choose from, and how it is called. '' = nothing need be stated.

    """

    key: str
    path: str | Callable[[Config], Any]
    kind: Kind = "text"
    choices: Choices = ()

    def value(self, config: Config) -> Any:
        """Return what holds, stated or by default."""
        if callable(self.path):
            return self.path(config)
        found: Any = config
        for step in self.path.split("."):
            found = found.get(step, "") if isinstance(found, Mapping) else getattr(found, step)
        return found

    def listed(self, held: Sequence[str] = ()) -> list[tuple[str, str]]:
        """Return what is to choose from, and how it is called: what is held too, as it stands."""
        if callable(self.choices):
            offered = list(self.choices())
        else:
            offered = [(one, self.word(one) or "–") for one in self.choices]
        known = dict(offered)
        return offered + [(one, one) for one in held if one and one not in known]

    def word(self, value: Any) -> str:
        """Return a value in words."""
        if isinstance(value, bool):
            return say("rules.yes" if value else "rules.no")
        if isinstance(value, date):
            return day(value)
        if isinstance(value, list):
            return ("、" if lang() == "zh" else "; ").join(map(self.word, value))
        if callable(self.choices):
            return str(dict(self.choices()).get(value, value))
        key = f"rules.{self.key}.{value}"
        text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        return say(key) if key in words() else text

    def field(self, held: Any) -> forms.Field:
        """Return its field; what holds can be chosen, also where nobody offers it."""
        options: dict[str, Any] = {"label": say(f"rules.{self.key}"), "required": False}
        if f"rules.{self.key}.help" in words():
            options["help_text"] = say(f"rules.{self.key}.help")
        match self.kind:
            case "choice":
                listed = self.listed([held])
                needed = {"required": "" not in dict(listed)}
                return forms.ChoiceField(**options | needed, choices=listed)
            case "several":
                return forms.MultipleChoiceField(
                    **options, choices=self.listed(held), widget=forms.CheckboxSelectMultiple
                )
            case "names":
                return _NamesField(**options, max_length=LONGEST_TEXT)
            case "long":
                widget = forms.Textarea(attrs={"rows": 2})
                return forms.CharField(**options, max_length=LONGEST_TEXT, widget=widget)
            case "integer":
                return forms.IntegerField(**options, min_value=0, max_value=9999)
            case "number":
                return forms.FloatField(**options, min_value=0)
            case "flag":
                return forms.BooleanField(**options)
            case "day":
                picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                return forms.DateField(**options, widget=picker)
        return forms.CharField(**options, max_length=500)


class _NamesField(forms.CharField):
    """Texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the texts that are stated, each once."""
        lines = (line.strip() for line in str(value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def run_validators(self, value: Any) -> None:
        """Bound the whole."""
        super().run_validators("\n".join(value))


def _nodes() -> list[tuple[str, str]]:
    from linyin.organization.web.models import Node

    named = [(node.code, node.name(lang())) for node in Node.objects.order_by("code")]
    return [("", "–"), *named]


def _packs() -> list[tuple[str, str]]:
    return [(name, pack_name(name, lang())) for name in pack_names()]


def _fiscal_start(config: Config) -> str:
    return f"{config.calendar.month:02}-{config.calendar.day:02}"


_TEXTS: Final = (
    "responsible", "contact", "purpose", "intended_users", "dissemination", "frequency",
    "assurance", "organizational_boundary", "reporting_boundary", "significance_criteria",
    "description", "performance", "targets", "removals", "contractual_notes",
)  # fmt: skip
ASKED: Final = (
    Asked("inventory.name_zh", "name_zh"),
    Asked("inventory.name_en", "name_en"),
    Asked("inventory.reporter", "reporter", "choice", _nodes),
    Asked("inventory.fiscal_year_start", _fiscal_start),
    Asked("inventory.fiscal_year_named_by", "calendar.named_by", "choice", ("end", "begin")),
    Asked("inventory.approach", "approach", "choice", APPROACHES),
    Asked("inventory.gwp", "gwp", "choice", GWP_SETS),
    Asked("inventory.standard", "standard", "choice", STANDARDS),
    Asked("inventory.factors_as_of", "factors_as_of", "day"),
    Asked("inventory.significance_pct", "significance_pct", "number"),
    Asked("base_year.year", "base_year.year", "integer"),
    Asked("base_year.threshold_pct", "base_year.threshold_pct", "number"),
    Asked("base_year.mid_year", "base_year.mid_year", "choice", ("whole-year", "pro rata")),
    Asked("base_year.reason", "base_year.reason", "long"),
    Asked(
        "policies.upstream_follows", "policies.upstream_follows", "choice", ("location", "market")
    ),
    Asked("policies.certificates", "policies.certificates", "choice", ("proportional", "in order")),
    Asked("policies.spend", "policies.spend", "choice", ("net", "gross")),
    Asked("policies.carbon_table", "policies.carbon_table", "choice", ("A", "B", "C", "D")),
    Asked("policies.factor_age_limit", "policies.factor_age_limit", "integer"),
    Asked("policies.chain_upstream", "policies.chain_upstream", "flag"),
    Asked("factors.packs", lambda config: list(config.packs or ()), "several", _packs),
    Asked("factors.waived", lambda config: sorted(config.policies.drafts), "names"),
    Asked(
        "approval.levels", lambda config: list(config.approval_levels), "several", APPROVAL_LEVELS
    ),
    Asked("columns.ignored", lambda config: list(config.ignored_columns), "names"),
    *(Asked(f"report.{key}", f"report.{key}", "long") for key in _TEXTS),
    Asked("report.scope2_tracking", "report.scope2_tracking", "choice", ("", "location", "market")),
)


_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


def told(config: Rules) -> dict[str, list[tuple[str, str]]]:
    """Return heading → rules in words: those of the form as they hold, and what else is stated."""
    read, _ = parse_config(stated_config(config), "")
    groups: dict[str, list[tuple[str, str]]] = {}
    for asked in ASKED:
        section = asked.key.partition(".")[0]
        shown = asked.word(asked.value(read))
        if not shown and section == "report":
            continue
        fact = say(f"rules.{asked.key}"), shown or "–"
        groups.setdefault(say(f"rules.{section}"), []).append(fact)
    for table in TABLES:
        section = table.key.partition(".")[0]
        rows = [] if stated_of(config, table.key) is None else table.rows(read)
        facts = [_fact(table, row) for row in rows]
        if facts:
            groups.setdefault(say(f"rules.{section}"), []).extend(facts)
    return groups


def _fact(table: RuleTable, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return a row of a table as a name and what is said of it."""
    match table.key:
        case "exclusions":
            estimate = row.get("estimate_t")
            weight = "" if estimate is None else f" ({number(estimate)} t CO₂e)"
            return f"{row['line']} {row['what']}", f"{row['reason']}{weight}"
        case "uncertainty":
            return input_called(row["input"]), f"± {row['half_width']:g} %"
    called = [
        dict(part.choices()).get(row[part.name], row[part.name])
        for part in table.parts
        if part.choices
    ]
    return f"{say(f'rules.{table.key}')}: {called[0]}", called[1]


def stated_of(config: Rules, key: str) -> Any:
    """Return what rules state under `section.key`, or under a section; None if nothing."""
    section, _, name = key.partition(".")
    content = stated_config(config).get(section)
    if not name or content is None:
        return content
    return content.get(name) if isinstance(content, Mapping) else None


def merged(config: Rules, stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules that a form states; a default that nobody stated stays unstated.

    An empty field states nothing, but what was stated as empty stays so; an emptied table differs
    from a default that has rows.
    """
    result: dict[str, Any] = {}
    standing, _ = parse_config({}, "")
    values = [(asked.key, stated[asked.key], asked.value(standing), False) for asked in ASKED]
    values += [
        (table.key, table.stated(stated[table.key]), table.stated(table.rows(standing)), True)
        for table in TABLES
    ]
    for key, value, default, is_table in values:
        held = stated_of(config, key)
        if held is None and value == default:
            continue
        if value in _EMPTY and value != held and not (is_table and default):
            continue
        section, _, name = key.partition(".")
        if name:
            result.setdefault(section, {})[name] = value
        else:
            result[section] = value
    return result


def differences(stated: Rules, there: Rules) -> list[dict[str, str]]:
    """Return what two people have written differently, in words."""
    mine, theirs = dict(_flat(stated_config(stated))), dict(_flat(stated_config(there)))
    words_of = {asked.key: asked.word for asked in ASKED}
    return [
        {
            "label": say(f"rules.{key}"),
            "stated": words_of.get(key, _printed)(mine[key]) if key in mine else "–",
            "there": words_of.get(key, _printed)(theirs[key]) if key in theirs else "–",
        }
        for key in dict.fromkeys([*mine, *theirs])
        if mine.get(key) != theirs.get(key)
    ]


def _flat(config: Rules) -> Iterator[tuple[str, Any]]:
    """Yield `section.key` and value; sections whose keys are anybody's, whole."""
    for section, content in config.items():
        if not isinstance(content, Mapping) or section in ("uncertainty", "crosswalk"):
            yield section, content
        else:
            yield from ((f"{section}.{key}", value) for key, value in content.items())


def _printed(value: Any, words_of: str = "") -> str:
    """Return a value of a key that no field asks; what is one of a closed list, by its word."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_printed(one, words_of)}" for name, one in value.items())
    if isinstance(value, list):
        separator = "; " if any(isinstance(one, Mapping) for one in value) else ", "
        return separator.join(_printed(one) for one in value)
    if isinstance(value, bool):
        return say("rules.yes" if value else "rules.no")
    if f"{words_of}.{value}" in words():
        return say(f"{words_of}.{value}")
    return day(value) if isinstance(value, date) else str(value)
