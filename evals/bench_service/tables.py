"""Figures as lines."""

import statistics
from collections.abc import Sequence


def row(name: str, *figures: object) -> None:
    """Print one line."""
    print(f"  {name:46} {'  '.join(str(figure) for figure in figures)}", flush=True)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def quantiles(values: Sequence[float], scale: float = 1.0) -> str:
    """Median, 95th and 99th percentile, and the largest."""
    shares = (0.5, 0.95, 0.99, 1.0)
    middle, *rest = (quantile(values, share) * scale for share in shares)
    names = ("p95", "p99", "max")
    told = [f"{name} {value:.3g}" for name, value in zip(names, rest, strict=True)]
    return "  ".join([f"p50 {middle:.3g}", *told, f"(n {len(values)})"])


def median(values: Sequence[float]) -> float:
    """The middle one; 0 where there are none."""
    return statistics.median(values) if values else 0.0
