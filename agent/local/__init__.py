"""The examiner that needs no key: embeddings and rules, on this machine."""

from agent.local.examiner import LocalExaminer

__all__ = ["LocalExaminer"]
