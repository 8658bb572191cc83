"""Where a request comes from, also through a proxy: only one we know is believed."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

Network = IPv4Network | IPv6Network
UNKNOWN = "unknown"


def networks(text: str) -> tuple[Network, ...]:
    """Networks and addresses, apart by commas or spaces.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(ip_network(each) for each in text.replace(",", " ").split())


def client_address(scope: Scope, headers: Headers, proxies: Sequence[Network]) -> str:
    """The client's address; an IPv6 one stands for its network, which one subscriber has whole.

    `X-Forwarded-For` counts only where it comes from this machine or from a proxy we were told of,
    and of it only what the outermost of those wrote.
    """
    client = scope.get("client")
    found = client[0] if client else UNKNOWN
    told = [each.strip() for each in headers.get("x-forwarded-for", "").split(",") if each.strip()]
    while told and _is_ours(found, proxies):
        found = told.pop()
    return _bucket(found)


def _is_ours(address: str, proxies: Sequence[Network]) -> bool:
    try:
        given = ip_address(address)
    except ValueError:
        return False
    return given.is_loopback or any(given in each for each in proxies)


def _bucket(address: str) -> str:
    try:
        given = ip_address(address)
    except ValueError:
        return UNKNOWN
    if given.version == 4:
        return str(given)
    if given.ipv4_mapped:
        return str(given.ipv4_mapped)
    return str(ip_network((int(given), 64), strict=False))
