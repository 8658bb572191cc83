"""Documents in, kits out: what a hiring team has written, read, parsed, stored and searched."""
