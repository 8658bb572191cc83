"""Word files (DOCX)."""

from knowledge.readers.word.document import read

__all__ = ["read"]
