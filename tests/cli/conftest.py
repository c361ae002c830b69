from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linyin.cli.app import app

from .company import ACTIVITIES, INSTRUMENTS, ORGANIZATION, Linyin, UserFolder


@pytest.fixture
def folder(tmp_path: Path) -> UserFolder:
    path = tmp_path / "company"
    path.mkdir()
    made = UserFolder(path)
    made.configure('[inventory]\ngwp = "AR5-100"\nfactors_as_of = 2026-01-31\n')
    made.write(organization=ORGANIZATION, activities=ACTIVITIES, instruments=INSTRUMENTS)
    return made


@pytest.fixture
def linyin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Linyin:
    for name in ("LINYIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def bundle(folder: UserFolder, linyin: Linyin) -> Path:
    out = folder.path.parent / "bundle"
    assert linyin("calculate", folder.path, "--year", 2023, "--out", out).exit_code == 0
    return out
