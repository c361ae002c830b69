"""The page about Python: every public name of `linyin`, its signature and its docstring."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import linyin
from documentation.text import Lang, page, pick


def python_api(lang: Lang) -> str:
    """Return the page about the Python interface."""
    blocks = [
        pick(
            lang,
            "`import linyin` loads nothing heavy; a name is imported when it is first used. "
            "Masses are whole milligrams.",
            "`import linyin` 不加载重型依赖，名称在首次使用时才导入。质量均为整数毫克。"
            "说明文字取自代码，为英文。",
        ),
        pick(
            lang,
            "Input that cannot be used raises `BadInput`. As a string it is what the command "
            "line prints, the first 20 findings and the number of the others; "
            '`error.text("zh")` is the same in Chinese, `error.text(limit=1000)` is longer, '
            "and `error.findings` has every finding with its place and fields.",
            "输入无法使用时抛出 `BadInput`。转成字符串即命令行所显示的内容：前 20 条及其余条数；"
            '`error.text("zh")` 为中文，`error.text(limit=1000)` 显示更多，'
            "`error.findings` 含全部问题及其位置与字段。",
        ),
    ]
    for name in linyin.__all__:
        public = getattr(linyin, name)
        blocks += [f"## linyin.{name}", _block(_head(name, public), inspect.getdoc(public))]
        if inspect.isclass(public):
            for member, value in _members(public):
                blocks += [f"### {name}.{member}", _block(_head(member, value), _doc(value))]
    return page("Python", *blocks)


def _head(name: str, public: object) -> str:
    """Write a signature the same on every version of Python."""
    if isinstance(public, property):
        return f"{name}: {_returned(public.fget)}" if public.fget else name
    if isinstance(public, classmethod):
        public = public.__func__
    if not callable(public):
        return name
    parameters, words = inspect.signature(public).parameters.values(), []
    for parameter in parameters:
        if parameter.name in {"self", "cls"}:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        words.append(_parameter(parameter))
    arrow = f" -> {_returned(public)}" if not inspect.isclass(public) else ""
    return f"{name}({', '.join(words)}){arrow}"


def _parameter(parameter: inspect.Parameter) -> str:
    text = parameter.name
    if parameter.annotation is not parameter.empty:
        text += f": {parameter.annotation}"
    if parameter.default is not parameter.empty:
        text += " = ..." if callable(parameter.default) else f" = {parameter.default!r}"
    return text


def _returned(function: Callable[..., object]) -> str:
    return str(inspect.signature(function).return_annotation)


def _members(public: type) -> list[tuple[str, object]]:
    """Return the documented public methods and properties that the class itself defines."""
    return [
        (name, value)
        for name, value in vars(public).items()
        if not name.startswith("_") and _doc(value) and not isinstance(value, type)
        if inspect.isfunction(value) or isinstance(value, property | classmethod)
    ]


def _doc(value: object) -> str | None:
    return inspect.getdoc(value)


def _block(head: str, doc: str | None) -> str:
    if not doc:
        raise LookupError(f"{head} has no docstring")
    return f"```python\n{head}\n```\n\n```text\n{doc}\n```"
