"""Agreement with people, drift between two results, and the gate between them."""
