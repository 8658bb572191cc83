"""PDF files, by where their letters and lines stand on the page."""

from knowledge.readers.pdf.document import read

__all__ = ["read"]
