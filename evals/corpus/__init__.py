"""The corpus: transcripts of our own making, held with the real conductor on clocks of their own.

`evals/transcripts/corpus.yaml` says which there are; `python -m evals.corpus` makes them anew, and
`python -m evals.corpus sheet NAME...` prints what a reader needs in order to mark one.
"""
