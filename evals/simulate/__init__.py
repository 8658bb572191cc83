"""Simulated candidates: who they are, what they answer, and holding many interviews with them."""
