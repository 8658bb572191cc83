"""A process that reads what strangers sent: bounded first, then the command line as anybody's.

    python -m api.sandbox LARGEST_FILE online|offline COMMAND...

It imports nothing of weight before it is shut in: whoever has threads gets no network of their own.
"""

import ctypes
import os
import resource
import sys
from contextlib import suppress

MOST_SECONDS = 300
MOST_MEMORY = 12 * 2**30
"""Address space, of which PyTorch takes much and uses little."""

MOST_OPEN = 256
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS = 38


def shut_in(largest_file: int, *, offline: bool) -> bool:
    """Bound this process; whether it is without a network, where that was asked for."""
    for limit, most in (
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, largest_file),
        (resource.RLIMIT_NOFILE, MOST_OPEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return offline and hasattr(libc, "unshare") and _leave_the_network(libc)


def _leave_the_network(libc: ctypes.CDLL) -> bool:
    """A network of its own has not even a loopback; some containers do not grant it."""
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    with suppress(OSError):  # without it files look like nobody's, and are ours all the same
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    return True


def main() -> None:
    """Shut in, then run the command."""
    largest_file, network = int(sys.argv[1]), sys.argv[2]
    del sys.argv[1:3]
    shut_in(largest_file, offline=network == "offline")
    from api.cli import main as command

    command()


if __name__ == "__main__":
    main()
