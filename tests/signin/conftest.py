"""The web app in processes of its own, beside an OIDC and a SAML provider on other ports."""

from __future__ import annotations

import shutil
import socket
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass

import pytest
from oidc_provider_mock import User, run_server_in_thread
from saml_provider import saml_provider
from signing import PASSWORD, SECRET

from workspace import POSTGRES, OtherWorkspace, database, template_workspace

PEOPLE = f"""
from datetime import date
from allauth.mfa.totp.internal.auth import TOTP
from linyin.organization.web.models import Node, Standing
from linyin.platform.models import Grant, Person
root = Node.objects.create(code="G", kind="group", name_en="Group", name_zh="集团")
Standing.objects.create(node=root, country="CN", begin=date(2020, 1, 1))
for name, role in [("adele", "administrator"), ("dan", "reader"), ("wei", "committee"),
                   ("mo", "committee"), ("lock", "reader"), ("sam", "reader"),
                   ("new", "committee")]:
    person = Person.objects.create_user(f"{{name}}@example.org", {PASSWORD!r}, name=name.title())
    Grant.objects.create(person=person, role=role, node=root)
    if name == "adele":
        TOTP.activate(person, {SECRET!r})
"""
SERVE = """
from linyin.platform.bootstrap import start; start()
import sys
from linyin.platform.work.serve import supervise_web
supervise_web('127.0.0.1', int(sys.argv[1]), processes=2, worker_processes=1)
"""


@dataclass
class Served:
    """The running app."""

    place: OtherWorkspace
    url: str


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The app on a workspace with people and two identity providers."""
    template = template_workspace()
    root = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(template.root, root)
    url = database(template.database_url.rpartition("/")[2]) if POSTGRES else ""
    place = OtherWorkspace(root, url)
    place.python(PEOPLE)
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port = found.getsockname()[1]
    claims = [
        User(sub=f"sub-{name}", claims={"email": f"{name}@{domain}", "email_verified": verified})
        for name, domain, verified in [
            ("wei", "example.org", True), ("dan", "example.org", False),
            ("stranger", "example.org", True),
        ]
    ]  # fmt: skip
    people = {
        "Sam": "sam@example.org", "Stranger": "who@example.org", "forged": "adele@example.org",
    }  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    with run_server_in_thread(user_claims=claims) as oidc, saml_provider(people) as saml:
        (root / "saml.pem").write_text(saml.certificate)
        (root / "identity.toml").write_text(f"""
[[provider]]
kind = "oidc"
id = "house"
name = "House account"
issuer = "http://localhost:{oidc.server_port}"
client_id = "linyin"
is_second_factor = true

[[provider]]
kind = "saml"
id = "works"
name = "Works account"
entity_id = "{saml.url}"
sso_url = "{saml.url}/sso"
certificate_file = "saml.pem"
trusts_addresses = ["example.org"]
""")
        saml.metadata_of = f"{address}/account/saml/works/metadata/"
        child = place.popen("-c", SERVE, port, env={"LINYIN_URL": address}, start_new_session=True)
        try:
            wait(f"{address}/account/login/", child)
            yield Served(place, address)
        finally:
            child.terminate()
            child.communicate(timeout=60)


def wait(address, child):
    end = time.monotonic() + 120
    while time.monotonic() < end and child.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            time.sleep(0.3)
    child.kill()
    pytest.fail(f"it did not answer: {child.communicate()}")


@pytest.fixture
def page(browser):
    """A browser of somebody who has never been here; every violation of the CSP fails the test."""
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    said = []
    opened.on("console", lambda message: said.append(message.text))
    yield opened
    context.close()
    assert not [text for text in said if "Content Security Policy" in text]
