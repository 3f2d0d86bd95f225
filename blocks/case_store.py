"""Where the cases of one mode are kept: what every such block can do, and the one that is a folder here."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ClassVar, Protocol

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from breach.folder_store import FolderStore
from breach.store import CaseStore, not_kept
from schemas.base import CaseId

DOCS = "https://github.com/breach-response/breach-response/blob/main/docs"
"""Where the documentation of every block lies."""


class CaseStores(Protocol):
    """The cases of one mode, wherever they are kept."""

    def open(self, case_id: CaseId) -> CaseStore:
        """One case's objects."""
        ...

    def cases(self) -> list[str]:
        """The names of all cases here, sorted."""
        ...

    def place(self, case_id: CaseId) -> str:
        """Where a person finds the case's objects."""
        ...

    def files(self, case_id: CaseId, keys: Sequence[str]) -> AbstractContextManager[Path]:
        """A folder in which these keys of the case lie as files while the context lasts, for readers that stream.

        Nobody writes into it. Raises Conflict when the case has no object under one of the keys.
        """
        ...


class FolderCaseStore(Block):
    """Keeps the cases of one mode in a folder that only this user may read.

    Example:
        Load a stored block and open one case:
        ```python
        from blocks import FolderCaseStore

        cases = FolderCaseStore.load("BLOCK_NAME")
        store = cases.open("rehearsal-harbor")
        ```
    """

    _block_type_name = "Case store (folder)"
    _block_type_slug = "folder-case-store"
    _documentation_url = HttpUrl(f"{DOCS}/glossary.md")
    _description = "Keeps the cases of one mode in a folder that only this user may read."
    _block_schema_capabilities: ClassVar[list[str]] = ["keep-cases"]

    root: str = Field(title="Folder", description="One folder for all cases of this mode; made when first used.")

    def open(self, case_id: CaseId) -> CaseStore:
        """One case's objects."""
        return FolderStore(Path(self.root) / case_id)

    def place(self, case_id: CaseId) -> str:
        """The case's folder on this machine."""
        return str(Path(self.root) / case_id)

    @contextmanager
    def files(self, case_id: CaseId, keys: Sequence[str]) -> Iterator[Path]:
        """The case's own folder. Raises Conflict when there is no object under one of the keys."""
        store = FolderStore(Path(self.root) / case_id)
        for key in keys:
            if not store.path(key).is_file():
                raise not_kept(key)
        yield store.root

    def cases(self) -> list[str]:
        """The names of all cases here, sorted."""
        root = Path(self.root)
        return sorted(path.parent.name for path in root.glob("*/case.json")) if root.is_dir() else []
