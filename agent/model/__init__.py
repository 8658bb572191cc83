"""The examiner that is a language model, behind any OpenAI-compatible endpoint.

What it proposes is validated, timed and accounted for here; what counts is decided elsewhere.
"""

from agent.model.breaker import Breaker
from agent.model.endpoint import Endpoint
from agent.model.errors import ModelFailed
from agent.model.examiner import ModelExaminer
from agent.model.spent import Spent

__all__ = ["Breaker", "Endpoint", "ModelExaminer", "ModelFailed", "Spent"]
