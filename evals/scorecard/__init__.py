"""The interviewer's own scorecard: the rules of conduct, checked on transcripts by code alone."""
