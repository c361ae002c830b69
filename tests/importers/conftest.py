import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import pytest

from linyin.lake import load_messages
from linyin.lake.messages import placeholders
from linyin.ledger.importers.imported import FactorImportError


@pytest.fixture(autouse=True)
def _every_error_is_told_whole_in_both_languages(monkeypatch):
    made = FactorImportError.__init__

    def made_and_told(self, *args, **given):
        made(self, *args, **given)
        (finding,) = self.findings
        for text in load_messages()[finding.code].texts.values():
            assert placeholders(text) <= set(finding.fields)

    monkeypatch.setattr(FactorImportError, "__init__", made_and_told)
