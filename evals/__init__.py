"""Judging the interviewer: what it costs and, as it grows, how far its marks can be trusted."""
