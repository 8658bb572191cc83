"""One interview: what is asked, how answers are read and marked, and what is made of them.

The room knows no HTTP and no database: a turn goes in, typed events and a new state come out.
"""
