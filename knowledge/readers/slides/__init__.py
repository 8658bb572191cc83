"""PowerPoint files (PPTX)."""

from knowledge.readers.slides.document import read

__all__ = ["read"]
