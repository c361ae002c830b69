"""Finding a Java runtime for Spark, or installing one where that is allowed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

PACKAGE = "openjdk-17-jre-headless"
SUPPORTED = range(17, 26)


class NoJava(Exception):
    """There is no Java runtime that Spark can use; says the command to run."""


def java_home() -> Path:
    """Return the home of a Java runtime that Spark can use; as root, install one if need be."""
    found = _find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        found = _find()
    if found is None:
        raise NoJava(f"Spark needs a Java 17 runtime. Run: sudo apt-get install -y {PACKAGE}")
    return found


def _find() -> Path | None:
    named = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    on_path = shutil.which("java")
    if on_path:
        named.append(Path(on_path).resolve().parent.parent)
    named += sorted(Path("/usr/lib/jvm").glob("*"))
    return next((home for home in named if _version(home) in SUPPORTED), None)


def _version(home: Path) -> int:
    """Return the major version of a Java home; 0 = none."""
    java = home / "bin" / "java"
    if not java.is_file():
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    match = re.search(r'version "(\d+)', told.stderr)
    return int(match[1]) if match else 0


def _install() -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", PACKAGE]):
        done = subprocess.run(
            ["apt-get", "-q", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NoJava(f"apt-get {command[0]} failed: {done.stderr.strip()[-500:]}")
