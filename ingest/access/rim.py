"""Who speaks to us, and over what: read from the request, with forwarded headers believed only from known proxies."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request

UNKNOWN = "unknown"
MAX_HOPS = 20


def client_address(request: Request, trusted_proxies: Sequence[str]) -> str:
    """The address the request comes from.

    Behind trusted proxies it is the right-most entry of `X-Forwarded-For` that is no trusted proxy: what stands left
    of it was written by the client itself and may be a lie. `unknown` where the server has no peer address.
    """
    peer = request.client.host if request.client else UNKNOWN
    if not _is_trusted(peer, trusted_proxies):
        return peer
    for hop in reversed(request.headers.get("x-forwarded-for", "").split(",")[-MAX_HOPS:]):
        address = _canonical(hop)
        if address is None:
            break
        peer = address
        if not _is_trusted(address, trusted_proxies):
            break
    return peer


def is_https(request: Request, trusted_proxies: Sequence[str]) -> bool:
    """Whether the browser speaks https, directly or to a trusted proxy before us."""
    peer = request.client.host if request.client else UNKNOWN
    if _is_trusted(peer, trusted_proxies):
        forwarded = request.headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
        if forwarded in {"http", "https"}:
            return forwarded == "https"
    return request.url.scheme == "https"


def network_of(address: str) -> str:
    """What sign-in limits count: an IPv4 address, or the /64 of an IPv6 one, which a single customer owns whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def _canonical(hop: str) -> str | None:
    try:
        return str(ip_address(hop.strip()))
    except ValueError:
        return None


def _is_trusted(address: str, trusted_proxies: Sequence[str]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(one, strict=False) for one in trusted_proxies)
