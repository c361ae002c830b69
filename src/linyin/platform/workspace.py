"""Where a workspace lives: its database, its lake, its files. Known before Django is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Workspace"]

_DEFAULT: Final = "linyin-workspace"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace: a folder, and what may lie elsewhere.

    Attributes
    ----------
    root
        Folder of the files that belong to it.
    database_url
        `sqlite:///…` inside the folder, or `postgres://…`.
    lake_url
        Folder or object store of the lake.

    """

    root: Path
    database_url: str
    lake_url: str

    @classmethod
    def at(cls, root: Path | str) -> Workspace:
        """Return the workspace in a folder, with what `LINYIN_*` says of the rest."""
        place = Path(root).absolute()
        return cls(
            place,
            os.environ.get("LINYIN_DATABASE_URL") or f"sqlite:///{place / 'linyin.sqlite3'}",
            os.environ.get("LINYIN_LAKE_URL") or str(place / "lake"),
        )

    @classmethod
    def from_environment(cls) -> Workspace:
        """Return the workspace that `LINYIN_WORKSPACE` names, else `linyin-workspace` here."""
        return cls.at(os.environ.get("LINYIN_WORKSPACE") or _DEFAULT)

    @property
    def lake_folder(self) -> Path:
        """Folder of the lake; of one in an object store, of its copies and locks."""
        return self.root / "lake" if "://" in self.lake_url else Path(self.lake_url).absolute()

    @property
    def runs(self) -> Path:
        """Folder of the bundles of calculated runs."""
        return self.root / "runs"

    @property
    def documents(self) -> Path:
        """Folder of evidence, each file under its sha256."""
        return self.root / "documents"

    @property
    def uploads(self) -> Path:
        """Folder of uploads that are not committed yet."""
        return self.root / "uploads"

    @property
    def outbox(self) -> Path:
        """Folder of mails, where no mail server is configured."""
        return self.root / "outbox"

    @property
    def derived(self) -> Path:
        """Folder of what can be made again from the rest."""
        return self.root / "derived"

    @property
    def secret_file(self) -> Path:
        """File of the key that signs sessions."""
        return self.root / "secret-key"

    @property
    def identity_file(self) -> Path:
        """File of the identity providers; `LINYIN_IDENTITY_FILE` may name another."""
        return Path(os.environ.get("LINYIN_IDENTITY_FILE") or self.root / "identity.toml")

    def make(self) -> None:
        """Make its folders, readable by their owner alone, and its secret."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.runs, self.documents, self.uploads, self.outbox, self.derived):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not self.secret_file.exists():
            import secrets

            with os.fdopen(
                os.open(self.secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as file:
                file.write(secrets.token_urlsafe(64))
