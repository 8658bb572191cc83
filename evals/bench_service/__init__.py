"""Measuring the service: kills, load, ratios and backup, on real processes."""
