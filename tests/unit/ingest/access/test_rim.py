"""Where a request comes from: what a client writes itself is believed only through our own proxy."""

import pytest
from fastapi import Request

from ingest.access.rim import client_address, is_https, network_of


def request(peer: str | None, scheme: str = "http", **headers: str) -> Request:
    return Request(
        {
            "type": "http",
            "scheme": scheme,
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "server": ("centre", 80),
            "client": (peer, 1) if peer else None,
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
    )


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "", ("10.0.0.1",), "10.0.0.1"),
        ("10.0.0.1", "2001:db8::1", ("10.0.0.1",), "2001:db8::1"),
        (None, "198.51.100.1", ("10.0.0.1",), "unknown"),
        ("testclient", "198.51.100.1", ("10.0.0.1",), "testclient"),
    ],
)
def test_forwarded_addresses(peer: str | None, forwarded: str, trusted: tuple[str, ...], address: str) -> None:
    assert client_address(request(peer, x_forwarded_for=forwarded), trusted) == address


@pytest.mark.parametrize(
    ("peer", "scheme", "proto", "secure"),
    [
        ("203.0.113.9", "http", "https", False),
        ("203.0.113.9", "https", "http", True),
        ("10.0.0.1", "http", "https", True),
        ("10.0.0.1", "http", "HTTPS", True),
        ("10.0.0.1", "http", "", False),
        ("10.0.0.1", "http", "gopher", False),
    ],
)
def test_https_is_believed_from_our_proxy_only(peer: str, scheme: str, proto: str, secure: bool) -> None:
    assert is_https(request(peer, scheme, x_forwarded_proto=proto), ("10.0.0.0/8",)) is secure


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("unknown", "unknown"),
        ("x" * 100, "x" * 64),
    ],
)
def test_what_limits_count(address: str, network: str) -> None:
    assert network_of(address) == network
