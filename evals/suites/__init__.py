"""The invariance, attack and leakage suites, on any examiner, model and kit."""
