"""Merkle roots in the shape of RFC 9162, for sealing append-only logs (pure)."""

import hashlib
from collections.abc import Sequence

GENESIS = hashlib.sha256(b"genesis").digest()


def leaf(content: bytes) -> bytes:
    """Hash of one entry: SHA-256 over 0x00 and the content."""
    return hashlib.sha256(b"\0" + content).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over the leaf hashes in order; an odd one out moves up unhashed; the root of nothing is SHA-256("")."""
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = range(0, len(level) - 1, 2)
        upper = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in pairs]
        level = upper + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def chained(previous: bytes, top: bytes, statement: str) -> bytes:
    """The seal's chain value: binds this root and what it covers to all seals before."""
    return hashlib.sha256(previous + top + statement.encode()).digest()
