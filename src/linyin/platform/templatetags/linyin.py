"""Tags and filters of all templates: words, numbers, links that keep the page's context."""

from __future__ import annotations

import re
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from linyin.platform import words

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


# What is written with `…` around it, and names as files have them.
_CODE: Final = re.compile(r"`([^`]+)`|(?<![\w./@-])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![\w./@-])")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")


@register.filter
def coded(text: str) -> SafeString:
    """Write a text whose names of files, columns and commands are code, and **these** strong."""
    if isinstance(text, SafeString):
        return text
    told = _CODE.sub(lambda found: f"<code>{found[1] or found[2]}</code>", escape(text))
    return mark_safe(_STRONG.sub(r"<strong>\1</strong>", told))  # noqa: S308 - escaped above


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
