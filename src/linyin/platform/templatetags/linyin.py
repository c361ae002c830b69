"""Tags and filters of all templates: words, numbers, links that keep the page's context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

from linyin.platform import times, words
from linyin.platform.account_tabs import account_tabs as tabs_of_account
from linyin.platform.coded import coded

if TYPE_CHECKING:
    from linyin.platform.parts import Tabs

__all__ = ["register"]

register = template.Library()


@register.simple_tag
def say(key: str, **fields: Any) -> str:
    """Write a text in the reader's language."""
    return words.say(key, **fields)


@register.filter(name="say")
def say_filter(key: str) -> str:
    """Write a text in the reader's language."""
    return words.say(key)


register.filter("coded", coded)
register.filter("moment", times.moment)
register.filter("day", times.day)


@register.simple_tag(takes_context=True)
def account_tabs(context: template.Context) -> Tabs:
    """Write the way between the pages of the reader's account."""
    return tabs_of_account(context["request"])


@register.simple_tag(takes_context=True)
def link(context: template.Context, name: str, *args: Any, **kwargs: Any) -> str:
    """Return a page's address with node, year and run as they are on this page."""
    page = context.get("page")
    query = page.scope.query if page is not None else ""
    return reverse(name, args=args, kwargs=kwargs) + (f"?{query}" if query else "")


@register.simple_tag
def say_key(*parts: str) -> str:
    """Write the text whose key is made of parts."""
    return words.say("".join(parts))


@register.simple_tag
def say_action(name: str) -> str:
    """Write what was done: an action's own words, else those of its verb."""
    known = words.words()
    if f"action.{name}" in known:
        return words.say(f"action.{name}")
    verb = name.partition(".")[2].partition("_")[0]
    return words.say(f"verb.{verb}") if f"verb.{verb}" in known else name
