"""Documents in, kits out: reading, parsing, storing and searching what a hiring team has written."""
