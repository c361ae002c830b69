"""Tags for parts that hold other content (cards, dialogs, menus), for icons and badges."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString

from linyin.platform import parts

__all__ = ["register"]

register = template.Library()


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """Draw an icon; it says nothing to screen readers, so words stand beside it."""
    return parts.icon(name, kind)


@register.simple_tag
def badge(kind: str, value: str, label: str = "") -> parts.Badge:
    """Write a state, status, severity, evidence, book or scope."""
    return parts.Badge(kind, value, label)


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> str:
    """Write a block of this page a second time: a page is headed by its title."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return str(block.render(context))


@register.simple_block_tag
def keep(content: SafeString) -> SafeString:
    """Keep content under a name (`{% keep as aside %}`), so that what is around it knows it."""
    return SafeString(content.strip())


@register.simple_block_tag
def card(
    content: str, title: str = "", hint: str = "", href: str = "", kind: str = "", level: int = 2
) -> SafeString:
    """Frame content under a title.

    `href`: where the title leads. `kind`: `flush` lets a table touch the frame.
    """
    return _around(
        "card", content, title=title, hint=hint, href=href, kind=kind, heading=f"h{level}"
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, kind: str = "") -> SafeString:  # noqa: A002
    """Hold content that opens above the page: a button with `data-opens="<id>"` opens it."""
    return _around("dialog", content, id=id, title=title, kind=kind)


@register.simple_block_tag
def menu(
    content: str, label: str, icon: str = "dots", kind: str = "", shows_label: bool = False
) -> SafeString:
    """Hold links and buttons (as `<li>`) behind a button."""
    return _around("menu", content, label=label, icon=icon, kind=kind, shows_label=shows_label)


def _around(name: str, content: str, **values: object) -> SafeString:
    return render_to_string(f"platform/parts/{name}.html", {**values, "content": content})
