"""What the guide to the API tells a reader to type works, in the order of the page."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "src" / "linyin" / "platform" / "guides" / "en" / "api.md"
SECRET = "a secret of the receiver"


def blocks():
    """Yield the kind and text of every example and expectation of the page."""
    pattern = r"^```(python|curl)\n(.*?)^```$|<!-- (prints): (.+?) -->"
    for match in re.finditer(pattern, PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        yield (match[1], match[2]) if match[1] else (match[3], match[4])


def test_the_page_about_the_api_can_be_typed(served, worker, tmp_path, monkeypatch):
    url, secret = served()
    monkeypatch.setenv("LINYIN_URL", url)
    monkeypatch.setenv("LINYIN_TOKEN", secret)
    monkeypatch.chdir(tmp_path)
    names, printed = {"__name__": "page"}, ""
    for kind, text in blocks():
        if kind == "python":
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(text, PAGE.name, "exec"), names)
            printed = said.getvalue()
        elif kind == "curl":
            done = subprocess.run(
                ["/bin/sh", "-ec", text], capture_output=True, text=True, check=True
            )
            printed = done.stdout
        else:
            assert text in " ".join(printed.split())

    from linyin.platform.hooks.delivering import signature

    is_ours, body = names["is_from_linyin"], b'{"event": "run.published"}'
    assert is_ours(SECRET, signature(SECRET, int(time.time()), body), body)
    assert not is_ours("another secret", signature(SECRET, int(time.time()), body), body)
    assert not is_ours(SECRET, signature(SECRET, int(time.time()) - 3600, body), body)
    assert not is_ours(SECRET, signature(SECRET, int(time.time()), body), body + b" ")
    assert (tmp_path / "report.json").stat().st_size > 0


def test_every_route_is_told_in_the_language_of_the_reader(company, client):
    from linyin.platform.models import Person

    han = re.compile("[\u4e00-\u9fff]")
    person = Person.objects.get(email="everything@company.example")
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    told = {}
    for language in ("en", "zh-hans"):
        person.language = language
        person.save()
        page = client.get("/api/v1/docs")
        assert page.status_code == 200
        groups = page.context["groups"]
        told[language] = {
            (operation["method"], operation["path"]): (called, operation["summary"])
            for (_, called), operations in groups.items()
            for operation in operations
        }

    assert len(told["en"]) > 200
    assert told["en"].keys() == told["zh-hans"].keys()
    for route, texts in told["zh-hans"].items():
        assert all(han.search(text) for text in texts), route
        assert not any(han.search(text) for text in told["en"][route]), route
