"""Keys: what is shown once, what is stored, and how a key that comes in is read."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

FORM = re.compile(r"dsb_([a-z0-9]{10})_([A-Za-z0-9_-]{43})")
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class NewKey:
    """A key just made: `text` is shown once, only `public` and `digest` are stored."""

    text: str
    public: str
    digest: str


def new_key() -> NewKey:
    """A key of 256 random bits with a public part to look it up by."""
    public = "".join(secrets.choice(ALPHABET) for _ in range(10))
    secret = secrets.token_urlsafe(32)
    return NewKey(f"dsb_{public}_{secret}", public, digest_of(secret))


def digest_of(secret: str) -> str:
    """SHA-256 of a secret of 256 random bits: with so much chance in it a slow hash would protect nothing more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_key(text: str) -> tuple[str, str] | None:
    """The public part and the digest of the secret, or None for what is no key."""
    found = FORM.fullmatch(text.strip())
    return (found[1], digest_of(found[2])) if found else None


def same(left: str, right: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(left, right)
