"""What a room of `LINYIN_ROOMS` may bring into the tables of roles and messages."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEADER = "role,name_en,name_zh,permissions,needs_mfa,is_guest,description_en,description_zh\n"
WORDS = "key,en,zh\npermission.shed.open,open the shed,打开棚屋\n"
ASK = (
    "from linyin.platform.bootstrap import start; start()\n"
    "from linyin.platform.roles import permissions, roles\n"
    "from linyin.lake import Finding, render_finding\n"
    "print(sorted(n for n, r in roles().items() if 'shed.open' in r.permissions))\n"
    "print(render_finding(Finding('shed-shut', 'error', fields={'day': 'Sunday'}), 'zh'))\n"
)


@pytest.fixture
def started(tmp_path):
    """Start Linyin with a room of these tables; return how it ends, and what it says."""
    import os

    def start(roles="", messages="code,en,zh\nshed-shut,shut on {day},{day} 关闭\n", words=WORDS):
        room = tmp_path / "shed"
        room.mkdir(exist_ok=True)
        (room / "__init__.py").touch()
        tables = {"roles": HEADER + roles, "messages": messages, "words": words}
        for name, text in tables.items():
            (room / f"{name}.csv").write_text(text, encoding="utf-8")
        kept = {n: v for n, v in os.environ.items() if not n.startswith("LINYIN_")}
        done = subprocess.run(
            [sys.executable, "-c", ASK], capture_output=True, text=True, check=False,
            env=kept | {
                "LINYIN_ROOMS": "shed", "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8",
                "LINYIN_WORKSPACE": str(tmp_path / "ws"),
            },
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return start


def test_a_room_gives_its_permissions_to_roles_and_brings_roles_and_messages(started):
    code, out, err = started(
        "reader,,,shed.open,,,,\n"
        "warden,Warden,管理员,organization.view|shed.open,yes,no,keeps the shed,看管棚屋\n"
    )

    assert code == 0, err
    assert out.splitlines() == ["['reader', 'warden']", "Sunday 关闭"]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"roles": "reader,,,people.manage,,,,\n"}, "reader is given people.manage"),
        ({"roles": "warden,W,管,people.own,yes,no,x,看\n"}, "warden is given people.own"),
        ({"roles": "warden,W,管,shed.open,yes,no,x,\n"}, "warden lacks a text"),
        ({"roles": "reader,,,shed.shut,,,,\n"}, "words.csv lacks permission.shed.shut"),
        ({"messages": "code,en,zh\nfile-missing,x,某\n"}, "message file-missing is in"),
        ({"messages": "code,en,zh\nshed-shut,x,\n"}, "has not one text a language"),
    ],
)
def test_tables_that_do_not_hold_stop_the_start(started, tables, said):
    code, _, err = started(**tables)

    assert code == 1
    assert said in err.splitlines()[-1]
