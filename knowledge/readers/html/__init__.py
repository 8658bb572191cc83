"""Pages: HTML, and archives that browsers save (MHTML)."""

from knowledge.readers.html.document import read

__all__ = ["read"]
