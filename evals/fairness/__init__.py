"""Impact ratios for groups that are told apart in a file the interviewer never sees."""
