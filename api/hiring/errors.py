"""Errors that tell which field of a form they are about."""

from knowledge.errors import BadInput


class Unfit(BadInput):
    """One field holds what cannot be; `field` is its name."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.field = field
