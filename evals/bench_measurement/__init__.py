"""How well few answers tell a level: simulated candidates at mark level, whose levels are known."""
