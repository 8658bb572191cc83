"""A queue in which people mark interviews blind, twice, and settle what they differ on."""
