"""First-hour papers: a letter to the provider, a brief for counsel, a checklist. Sent by hand, marked so."""

from breach.papers.manifest import PaperName, PapersManifest
from breach.papers.write import write_papers

__all__ = ["PaperName", "PapersManifest", "write_papers"]
