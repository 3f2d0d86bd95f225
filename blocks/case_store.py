"""The case store as a folder on this machine."""

from pathlib import Path
from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from breach.folder_store import FolderStore
from breach.store import CaseStore
from schemas.base import CaseId

DOCS = "https://github.com/breach-response/breach-response/blob/main/docs"
"""Where the documentation of every block lies."""


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

    def local(self, case_id: CaseId) -> Path:
        """A folder with the case's objects as files, for readers that stream."""
        return Path(self.root) / case_id

    def cases(self) -> list[str]:
        """The names of all cases here, sorted."""
        root = Path(self.root)
        return sorted(path.parent.name for path in root.glob("*/case.json")) if root.is_dir() else []
