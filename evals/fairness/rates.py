"""Rates, their ratios, and what chance alone would bring."""

from math import sqrt
from statistics import NormalDist

MASS = 0.9


def wilson(part: int, whole: int, mass: float = MASS) -> tuple[float, float]:
    """The score interval of a rate (Wilson, JASA 22, 1927); holds at 0 and 1 too."""
    z = NormalDist().inv_cdf((1 + mass) / 2)
    rate, spread = part / whole, 1 + z * z / whole
    centre = (rate + z * z / (2 * whole)) / spread
    half = z / spread * sqrt(rate * (1 - rate) / whole + z * z / (4 * whole * whole))
    low = 0.0 if part == 0 else max(centre - half, 0.0)
    high = 1.0 if part == whole else min(centre + half, 1.0)
    return low, high


def ratio_interval(
    part: int, whole: int, part_of: int, whole_of: int, mass: float = MASS
) -> tuple[float, float]:
    """Of a rate over another's: MOVER-R with the rates' Wilson intervals.

    Closed form of Donner and Zou (Statistical Methods in Medical Research 21, 2012), written for
    ratios by Newcombe (the same, 25, 2016). The other's rate must not be 0.
    """
    p, q = part / whole, part_of / whole_of
    low, high = wilson(part, whole, mass)
    low_of, high_of = wilson(part_of, whole_of, mass)
    below = (p * q) ** 2 - low * high_of * (2 * p - low) * (2 * q - high_of)
    above = (p * q) ** 2 - high * low_of * (2 * p - high) * (2 * q - low_of)
    # the lower limit with its fraction turned, so that it is never a difference over nothing
    least = low * (2 * p - low) / (p * q + sqrt(max(below, 0.0))) if p else 0.0
    most = (p * q + sqrt(max(above, 0.0))) / (low_of * (2 * q - low_of))
    return least, most


def fisher(part: int, whole: int, part_of: int, whole_of: int) -> float:
    """Fisher's exact test, two-sided: how often chance alone would bring so uneven a table."""
    from scipy.stats import fisher_exact

    table = [[part, whole - part], [part_of, whole_of - part_of]]
    return float(fisher_exact(table).pvalue)
