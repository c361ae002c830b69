from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.java import NoJava, java_home
from linyin.lake import DuckDBEngine, SparkEngine


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkEngine]:
    """Spark on two local cores, without a page of its own."""
    try:
        os.environ["JAVA_HOME"] = str(java_home())
    except NoJava as reason:
        pytest.fail(str(reason), pytrace=False)
    engine = SparkEngine("local[2]")
    yield engine
    engine.close()


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(temporary=tmp_path / "spill")
    yield engine
    engine.close()
