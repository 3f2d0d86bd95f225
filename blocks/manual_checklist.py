"""A platform without an interface: the same plan, done by hand."""

from typing import ClassVar

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl

from blocks.case_store import DOCS
from breach.platforms.manual import ManualPlatform
from breach.platforms.platform import Platform


class ManualChecklist(Block):
    """Turns containment into a checklist for a person. Works for every platform.

    Example:
        Load a stored block and get the platform:
        ```python
        from blocks import ManualChecklist

        checklist = ManualChecklist.load("BLOCK_NAME")
        platform = checklist.platform()
        ```
    """

    _block_type_name = "Manual checklist"
    _block_type_slug = "manual-checklist"
    _documentation_url = HttpUrl(f"{DOCS}/runbook.md")
    _description = "Turns containment into a checklist for a person; works for every platform."
    _block_schema_capabilities: ClassVar[list[str]] = ["close-areas"]

    platform_name: str = Field(
        title="Platform", description="As it is called in the checklist.", default="the platform"
    )

    def platform(self) -> Platform:
        """The adapter that writes checklists."""
        return ManualPlatform(self.platform_name)
