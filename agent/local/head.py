"""The chance that a person would say a statement is made, from how near an answer comes to it.

A logistic of the features, then a monotone map that makes the number a frequency. `head.json`
holds what `python -m evals.fitting` found on answers graded by people, and none of the answers.
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from agent.local.likeness import Likeness


@dataclass(frozen=True)
class Head:
    """`weights` and `bias` of a logistic; `slope`, `shift` and `crowd` map its log odds."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float
    slope: float = 1.0
    shift: float = 0.0
    crowd: float = 0.0
    """Log odds that each e-fold of alternatives takes off: the best of many is near by chance."""

    def odds(self, likeness: Likeness) -> float:
        """Log odds, before they are calibrated."""
        values = (getattr(likeness, name) for name in self.features)
        total = sum(w * value for w, value in zip(self.weights, values, strict=True))
        return float(self.bias + total)

    def probability(self, likeness: Likeness, alternatives: int = 1) -> float:
        """In 0..1, calibrated; `alternatives` are the statements any one of which is enough."""
        odds = self.slope * self.odds(likeness) + self.shift
        return 1 / (1 + math.exp(-(odds + self.crowd * math.log(alternatives))))

    def to_json(self) -> str:
        """The file's text; numbers to six digits, which is more than they deserve."""
        return json.dumps(
            {
                "features": self.features,
                "weights": [round(weight, 6) for weight in self.weights],
                "bias": round(self.bias, 6),
                "slope": round(self.slope, 6),
                "shift": round(self.shift, 6),
                "crowd": round(self.crowd, 6),
            },
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> "Head":
        """What `to_json` wrote."""
        held = json.loads(text)
        return cls(
            features=tuple(held["features"]),
            weights=tuple(held["weights"]),
            bias=held["bias"],
            slope=held["slope"],
            shift=held["shift"],
            crowd=held["crowd"],
        )


@lru_cache(maxsize=1)
def shipped() -> Head:
    """The head that ships."""
    return Head.from_json(files("agent.local").joinpath("head.json").read_text("utf-8"))
