"""Many who keep a connection open do not shut anybody out."""

import socket
import time

import pytest

CROWD = 300  # connections; fifty browsers hold as many
PATIENCE = 10  # seconds within which a newcomer is answered
ASK = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def asked(product, text):
    """A connection on which something was sent."""
    connection = socket.create_connection(("127.0.0.1", product.port), timeout=PATIENCE)
    connection.sendall(text)
    return connection


@pytest.mark.parametrize("text", [b"", ASK[:20], ASK], ids=["silent", "half a request", "answered and kept"])
def test_idle_connections_do_not_keep_a_newcomer_waiting(product, text):
    crowd = [asked(product, text) for _ in range(CROWD)]
    try:
        if text == ASK:
            assert all(one.recv(12) == b"HTTP/1.1 200" for one in crowd)
        begun = time.monotonic()
        newcomer = asked(product, ASK)
        assert newcomer.recv(12) == b"HTTP/1.1 200"
        newcomer.close()
        assert time.monotonic() - begun < PATIENCE
    finally:
        for one in crowd:
            one.close()
