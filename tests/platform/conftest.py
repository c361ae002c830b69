import sys
from pathlib import Path

import pytest

from workspace import django_db_modify_db_settings, other_workspace, workspace

__all__ = ["django_db_modify_db_settings", "other_workspace", "workspace"]

# The tests of the lake are run again here, with its register in SQL.
sys.path.insert(0, str(Path(__file__).parent.parent / "lake"))
pytest.register_assert_rewrite("test_batches")
