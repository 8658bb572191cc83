"""A report a person can check line by line: every mark beside the words it stands on."""

from agent.report.compute import report
from agent.report.markdown import as_markdown
from agent.report.model import Report

__all__ = ["Report", "as_markdown", "report"]
