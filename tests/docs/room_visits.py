"""What people see of the room of `docs/how-to/add-a-room.md`, printed as JSON.

Runs in a process of its own, with that room switched on, in the workspace of `LINYIN_WORKSPACE`.
"""

from __future__ import annotations

import io
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

from linyin.platform.bootstrap import start

start()

import openpyxl  # noqa: E402 - Django has to be started before
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from linyin.organization.web.models import Node  # noqa: E402
from linyin.platform.audit import verify  # noqa: E402
from linyin.platform.models import AuditEvent, Grant, Person  # noqa: E402
from linyin.platform.roles import roles  # noqa: E402

LIST = "/enablement/trees/"
GOOD = {"tag": "T-1", "species": "ginkgo", "planted": "2020-03-12", "height": "7.5"}
told: dict[str, Any] = {}
setup_test_environment()


def client(role: str, node: str) -> Client:
    person = Person.objects.create_user(f"{role}-{node}@test.invalid".lower(), language="en")
    Grant.objects.create(person=person, role=role, node=Node.objects.get(code=node))
    if roles()[role].needs_mfa:
        TOTP.activate(person, generate_totp_secret())
    made = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en")
    made.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return made


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def errors(answer: Any) -> dict[str, list[str]]:
    """What stands beside each field."""
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def upload(someone: Client, name: str, content: bytes) -> Any:
    return someone.post(f"{LIST}import/", {"file": SimpleUploadedFile(name, content)})


def workbook(*rows: list[Any]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def tags() -> list[str]:
    from trees.models import Tree

    return list(Tree.objects.order_by("tag").values_list("tag", flat=True))


owner, outside, reader = (
    client("data_owner", "East"), client("data_owner", "West"), client("reader", "Group"),
)  # fmt: skip
nobody = Client(HTTP_HOST="localhost")
east, west = (str(Node.objects.get(code=code).pk) for code in ("East", "West"))

empty = owner.get(LIST)
told["empty"] = [empty.status_code, "Trees that stand at sites" in text(empty)]
told["menu"] = [f'href="{LIST}"' in owner.get("/").content.decode(), "Enablement" in text(empty)]
wrong = owner.post(f"{LIST}new/", {**GOOD, "node": east, "height": "-1", "species": "oak"})
told["wrong"] = [wrong.status_code, sorted(errors(wrong)), tags()]
told["kept"] = 'value="T-1"' in wrong.content.decode()
made = owner.post(f"{LIST}new/", {**GOOD, "node": east})
told["create"] = [made.status_code, tags()]
record = made["Location"]
told["record"] = [owner.get(record).status_code, "ginkgo" in text(owner.get(record))]
edited = owner.post(f"{record}edit/", {**GOOD, "node": east, "height": "8", "version": "1"})
told["edit"] = [edited.status_code, "8" in text(owner.get(record))]
stale = owner.post(f"{record}edit/", {**GOOD, "node": east, "height": "9", "version": "1"})
told["stale"] = stale.status_code
told["twice"] = errors(owner.post(f"{LIST}new/", {**GOOD, "node": east}))

document = owner.get("/api/v1/openapi.json").json()
told["openapi"] = sorted(p for p in document["paths"] if p.startswith("/api/v1/trees"))
posted = owner.post(
    "/api/v1/trees", {**GOOD, "tag": "T-2", "node": "East"}, content_type="application/json"
)
told["api_create"] = [posted.status_code, posted.json()["tag"], posted.json()["height"]]
told["api_list"] = [row["tag"] for row in owner.get("/api/v1/trees?species=ginkgo").json()["items"]]
bad = owner.post(
    "/api/v1/trees", {**GOOD, "tag": "T-9", "node": "West"}, content_type="application/json"
)
told["api_outside"] = bad.status_code

before = tags()
csv = "tag,Site,树种,planted,height\nT-3,East,camphor,2021-04-01,3\nT-4,East,oak,yesterday,2\n"
csv += "T-3,East,plane,2021-04-01,1\nT-5,West,plane,2021-04-01,1\n"
refused = upload(owner, "树 trees.csv", csv.encode())
told["import_errors"] = [
    refused.status_code, [(f.at, f.title) for f in refused.context["findings"]], tags() == before,
]  # fmt: skip
headers = upload(owner, "t.csv", b"tag,colour\nT-3,green\n")
told["import_headers"] = [headers.status_code, text(headers).count("column"), tags() == before]
told["import_kind"] = upload(owner, "t.exe", b"MZ").status_code
good = workbook(
    ["tag", "node", "species", "planted", "height"],
    ["T-3", "East", "camphor", date(2021, 4, 1), 3],
    ["T-4", "East", "plane", date(2022, 4, 1), 2.5],
)
looked = upload(owner, "trees.xlsx", good)
told["import_look"] = [looked.status_code, "T-3" in text(looked), tags() == before]
taken = owner.post(f"{LIST}import/", dict(looked.context["stated"]))
told["import"] = [taken.status_code, tags()]
API = "/api/v1/trees/import?name=t.csv"
change = "编号,height\nT-4,3\nT-3,3\n"
for asked in ("&dry_run=true", ""):
    body = {"data": change, "content_type": "application/octet-stream"}
    answer = owner.post(API + asked, **body)
    rows = [(r["row"], r["act"], r["changes"]) for r in answer.json()["rows"]]
    told["api_import" + asked] = [answer.status_code, rows]

rows = b"".join(owner.get(f"{LIST}file.csv").streaming_content).decode("utf-8-sig").splitlines()
told["csv"] = [rows[0], rows[-1]]
sheet = b"".join(owner.get(f"{LIST}file.xlsx").streaming_content)
cells = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.values)
told["xlsx"] = [list(cells[0]), [str(cell) for cell in cells[-1]]]

told["act"] = [
    owner.post(f"{record}do/trees.fell/", {"reason": "storm"}).status_code,
    "do/trees.fell" in owner.get(record).content.decode(),
]
fell = f"{record}do/trees.fell/"
again = owner.post(fell, {"reason": "twice"})
told["refused"] = [again.status_code, again.context["form"].non_field_errors()]
key = record.removeprefix(LIST).strip("/")
refused_too = owner.post(
    f"/api/v1/trees/{key}/fell", {"reason": "twice"}, content_type="application/json"
)
problem = refused_too.json()
told["api_refused"] = [refused_too.status_code, problem["code"], problem["detail"]]
forester = client("forester", "East")
other = LIST + next(row["id"] for row in owner.get("/api/v1/trees").json()["items"][2:])
told["forester"] = [
    forester.get(LIST).status_code,
    forester.get(f"{LIST}new/").status_code,
    forester.post(f"{other}/do/trees.fell/", {"reason": "ill"}).status_code,
    "fell trees" in text(owner.get("/home/tokens/new/")),
]
told["holders"] = sorted(n for n, r in roles().items() if "trees.fell" in r.permissions)
pages = ["", "new/", "import/", f"{record.removeprefix(LIST)}", f"{record.removeprefix(LIST)}edit/"]
count = AuditEvent.objects.count()
told["outside"] = [outside.get(LIST + page).status_code for page in pages]
told["outside_rows"] = outside.get("/api/v1/trees").json()["items"]
told["outside_import"] = upload(outside, "trees.xlsx", good).status_code
told["outside_act"] = outside.post(f"{record}do/trees.fell/", {"reason": "x"}).status_code
told["reader"] = [reader.get(LIST + page).status_code for page in pages]
told["reader_import"] = upload(reader, "trees.xlsx", good).status_code
told["nobody"] = [nobody.get(LIST + page).status_code for page in pages]
told["nobody_api"] = nobody.get("/api/v1/trees").status_code
told["untouched"] = [tags(), AuditEvent.objects.count() == count]

# The cases that every route has, derived from the declaration as for the rooms that come with it.
sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("permissions", "web")]
from calls import OPERATIONS, permission_of  # noqa: E402
from cases import cases  # noqa: E402

trees = [case for case in cases() if case.route.startswith("trees-")]
told["cases"] = sorted([str(case), case.sees, case.does] for case in trees)
told["operations"] = {n: permission_of(n) for n in OPERATIONS if "/api/v1/trees" in n}
there = {"trees": key}
told["let_in"] = [
    f"{who} {method} {case}: {answer.status_code}"
    for who, someone, held in (
        ("reader", reader, roles()["reader"].permissions),
        ("outside", outside, frozenset()),
    )
    for case in trees
    for method, needed in (("get", case.sees), ("post", case.does))
    if needed and needed not in held and (case.subject or who != "outside")
    for answer in [getattr(someone, method)(case.address(there), {"reason": "x"})]
    if answer.status_code not in (403, 404)
]

events = AuditEvent.objects.filter(action__startswith="trees.").order_by("number")
told["audit"] = [event.action for event in events]
told["audit_reason"] = events.filter(action="trees.fell")[0].reason
told["audit_broken"] = len(list(verify()))
sys.stdout.write(json.dumps(told))
