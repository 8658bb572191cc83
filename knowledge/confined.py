"""Bounds for a process that reads what strangers sent; nothing of weight is imported before."""

import ctypes
import os
import resource
from contextlib import suppress

MOST_OPEN = 256
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS = 38


def confine(*, seconds: int, memory: int, largest_file: int, offline: bool) -> bool:
    """Bound this process; whether it is without a network, where that was asked for.

    `seconds` are of CPU, `memory` the bytes of its address space, of which a library may take much
    and use little, `largest_file` the bytes to which a file may grow.
    """
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
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
    """A network of its own has not even a loopback; some containers do not grant it.

    It must come before the first thread: whoever has threads gets none.
    """
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
