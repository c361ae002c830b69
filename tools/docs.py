"""Write the reference from the schemas, and the documentation as a site.

`tools/docs.py reference` writes docs/reference and NOTICE; `tools/docs.py site` writes ./site.
"""

from __future__ import annotations

import sys
from pathlib import Path

from documentation import notice, reference, site

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Do one of the two; return an exit code."""
    match arguments:
        case ["reference"]:
            changed = reference.write(ROOT / "docs")
            changed += ["NOTICE"] if notice.write(ROOT / "NOTICE") else []
            print(f"docs/reference and NOTICE: {len(changed)} files changed")
        case ["site"]:
            pages = site.build(ROOT, ROOT / "site")
            print(f"site/index.html: {pages} pages")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
