"""Playing interviews again from their logs: as they were, under other marks, by other rules."""
