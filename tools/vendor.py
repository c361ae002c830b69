"""Fetch the front-end files that pages and tests carry, each from the npm package of its makers.

Run with ``python tools/vendor.py`` where `npm` is. Writes `vendor/` under the platform's static
files and under tests/web, each with a `manifest.csv` of name, version, licence, source and
sha256, which a test checks. Apache ECharts is carried once, by inventory/report/vendor.
"""

import csv
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "src/linyin/platform/static/linyin"
ICON_LIST = Path(__file__).with_name("icons.txt")
LICENCES = Path(__file__).with_name("licences")
COLUMNS = ["name", "version", "file", "licence", "licence_files", "source", "sha256"]


@dataclass(frozen=True)
class Package:
    """A package: what is taken from it (member → file), and the files of its licence.

    A licence without a member is one that the package names and does not carry: its text lies
    in tools/licences.
    """

    name: str
    version: str
    takes: dict[str, str]
    licences: dict[str, str]


PAGES = [
    Package(
        "@tabler/core",
        "1.6.1",
        {"dist/css/tabler.min.css": "tabler.min.css"},
        {"": "tabler-LICENSE.txt"},
    ),
    Package(
        "htmx.org",
        "2.0.11",
        {"dist/htmx.min.js": "htmx.min.js"},
        {"LICENSE": "htmx-LICENSE.txt"},
    ),
    Package("@tabler/icons", "3.52.0", {}, {"LICENSE": "tabler-icons-LICENSE.txt"}),
]
TESTS = [
    Package(
        "axe-core",
        "4.14.1",
        {"axe.min.js": "axe.min.js"},
        {"LICENSE": "axe-LICENSE.txt", "LICENSE-3RD-PARTY.txt": "axe-LICENSE-3RD-PARTY.txt"},
    ),
]


def unpack(package: Package, folder: Path) -> Path:
    """Let npm fetch a package and check it; return the folder of its files."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def sprite(icons: Path) -> bytes:
    """Put the drawings that icons.txt names into one file of symbols."""
    symbols = []
    for name in sorted(set(ICON_LIST.read_text().split())):
        drawing = (icons / f"{name}.svg").read_text()
        inner = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL)
        inner = re.sub(r"^\s*<svg[^>]*>|</svg>\s*$", "", inner)
        inner = " ".join(inner.split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    return text.encode()


def take(package: Package, target: Path) -> list[dict[str, str]]:
    """Write a package's files into a folder; return their rows of the manifest."""
    with tempfile.TemporaryDirectory() as temporary:
        source = unpack(package, Path(temporary))
        licence = json.loads((source / "package.json").read_text())["license"]
        files = {
            target_name: (member, (source / member).read_bytes())
            for member, target_name in package.takes.items()
        }
        if package.name == "@tabler/icons":
            files["icons.svg"] = ("icons/outline", sprite(source / "icons/outline"))
        for member, name in package.licences.items():
            text = source / member if member else LICENCES / name
            (target / name).write_bytes(text.read_bytes())
    rows = []
    for name, (member, content) in files.items():
        content = re.sub(rb"\n?/[*/][#@] sourceMappingURL=\S+(?: \*/)?\s*$", b"\n", content)
        (target / name).write_bytes(content)
        row = [
            package.name,
            package.version,
            name,
            licence,
            " ".join(package.licences.values()),
            f"npm:{package.name}@{package.version} {member}",
            hashlib.sha256(content).hexdigest(),
        ]
        rows.append(dict(zip(COLUMNS, row, strict=True)))
    return rows


def main() -> None:
    """Fetch everything and write both manifests."""
    for target, packages in ((STATIC / "vendor", PAGES), (ROOT / "tests/web/vendor", TESTS)):
        target.mkdir(parents=True, exist_ok=True)
        for old in target.iterdir():
            old.unlink()
        rows = [row for package in packages for row in take(package, target)]
        with (target / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
