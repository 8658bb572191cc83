"""Errors, named by what the person can do about them.

VivaError                 one message, one remedy, one exit status
├── BadInput       (2)    what was given cannot be used; nothing was changed
├── NotFound       (2)    a kit, an interview or a file that is not there
├── Busy           (2)    somebody else holds it just now
└── StorageFailed  (1)    the disk or the database refused
"""


class VivaError(Exception):
    """Something a person can mend: `message` says what happened, `remedy` what to do."""

    exit_status = 1

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class BadInput(VivaError):
    """What was given cannot be used; nothing was changed."""

    exit_status = 2


class NotFound(VivaError):
    """A kit, an interview or a file that is not there."""

    exit_status = 2


class Busy(VivaError):
    """Somebody else holds it just now; nothing was changed."""

    exit_status = 2


class StorageFailed(VivaError):
    """The disk or the database refused; what was committed before stands."""
