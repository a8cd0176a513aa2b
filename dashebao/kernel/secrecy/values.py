"""The door of sealed values: seal, open, digest. A sealed value is one text that carries all that is needed.

    ~digest.holder.key.ciphertext.tail

`digest` (128 bits of HMAC-SHA-256) is the same for equal values: it is searched and joined by, in SQL as
`left(column, 23)`. `holder` says whose value it is (`p12` person, `u7` unit, `c3` case,
`o4` another office we exchange with, `x` a form). `key` is the family of the
value and the number of its key. `ciphertext` is a 96-bit nonce and AES-256-GCM with all other parts as associated
data, so none of them can be changed. `tail` is what screens may show without opening: the last four digits of an
account, else `****`: region and birth of an identity number stand beside it, so four digits would nearly tell it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from enum import StrEnum

from cryptography.exceptions import InvalidTag

from dashebao.kernel.secrecy.keys import UnknownKey, current, opening

DIGEST_LENGTH = 23
NONCE, HIDDEN = 12, "****"
SEALED = re.compile(r"~[A-Za-z0-9_-]{22}\.[pucox][0-9]*\.[a-z][0-9]+\.[A-Za-z0-9_-]{39,}\.[^\s\"'.~]{4}")


class Family(StrEnum):
    """Kinds of values with keys of their own: values of two families can neither be compared nor exchanged."""

    ACCOUNT = "a"
    IDENTITY = "i"  # the number of a document that says who somebody is
    ANSWER = "j"  # any long number inside a JSON value or a free text
    MESSAGE = "m"  # a whole message to or from another office


SHOWN = {Family.ACCOUNT: 4}  # how many last characters stay readable


class CannotOpen(Exception):
    """A sealed value was changed, or its key is gone."""


class Sealed(str):
    """A sealed value, ready to be stored."""

    __slots__ = ()


def seal(family: Family, holder: str, text: str) -> Sealed:
    """Seal one value for its holder; an empty text stays empty."""
    return seal_many(family, [holder], [text])[0]


def seal_many(family: Family, holders: Iterable[str], texts: Sequence[str]) -> list[Sealed]:
    """Seal many values, each for its holder; the keys are looked up once."""
    keys = current(make=True)
    key, number = f"{family.value}{keys.newest}", keys.newest
    encrypt, searching, shown = keys.cipher(family, number).encrypt, keys.searching(family), SHOWN.get(family, 0)
    noise, out = os.urandom(NONCE * len(texts)), []
    for place, (holder, text) in enumerate(zip(holders, texts, strict=True)):
        if not text:
            out.append(Sealed())
            continue
        tail = text[-shown:] if shown and len(text) >= 2 * shown and text.isalnum() else HIDDEN
        nonce, plain = noise[place * NONCE : (place + 1) * NONCE], text.encode()
        head = f"{_digest(searching, plain)}.{holder}.{key}"
        sealed = urlsafe_b64encode(nonce + encrypt(nonce, plain, f"{head}.{tail}".encode()))
        out.append(Sealed(f"{head}.{sealed.rstrip(b'=').decode()}.{tail}"))
    return out


def open_(value: str, holder: str | None = None) -> str:
    """The text of a sealed value; CannotOpen if it was changed, is not for `holder` (where given) or has no key."""
    if not value:
        return ""
    try:
        digest, owner, key, sealed, tail = value.split(".")
        raw = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        cipher = opening(key[0], int(key[1:]))
        plain = cipher.decrypt(raw[:NONCE], raw[NONCE:], f"{digest}.{owner}.{key}.{tail}".encode())
    except UnknownKey as error:
        raise CannotOpen(str(error)) from error
    except (ValueError, InvalidTag, IndexError) as error:
        raise CannotOpen(f"the value {value[:DIGEST_LENGTH]} is not as it was sealed") from error
    if holder is not None and owner != holder:
        raise CannotOpen(f"the value {digest} belongs to {owner}, not to {holder}")
    return plain.decode()


def open_members(text: str, *names: str) -> str:
    """JSON text put together in SQL (a file for a partner), with the values of some members opened."""
    member = re.compile(rf'("(?:{"|".join(names)})" : ")({SEALED.pattern})"')
    return member.sub(lambda found: f'{found[1]}{open_(found[2])}"', text)


def digest(family: Family, text: str) -> str:
    """What `left(column, 23)` is for a value: equal for equal values, telling nothing without the key."""
    return _digest(current(make=True).searching(family), text.encode())


def digests(family: Family, texts: Iterable[str]) -> list[str]:
    """The digests of many texts; the key is looked up once."""
    searching = current(make=True).searching(family)
    return [_digest(searching, text.encode()) for text in texts]


def fingerprint(family: Family, content: str) -> str:
    """What tells two contents apart; keyed, because from a plain digest an account in it could be found by trying them all."""
    return digest(family, hashlib.sha256(content.encode()).hexdigest())


def resealed(value: str) -> str:
    """A sealed value under the newest key, for the same holder; one that is under it already stays as it is."""
    _same, holder, key, _sealed, _tail = value.split(".")
    return value if int(key[1:]) == current().newest else seal(Family(key[0]), holder, open_(value))


def person_holder(person_id: int) -> str:
    """How a person is named inside a sealed value."""
    return f"p{person_id}"


def unit_holder(unit_id: int) -> str:
    """How a unit is named inside a sealed value."""
    return f"u{unit_id}"


def _digest(key: bytes, plain: bytes) -> str:
    return "~" + urlsafe_b64encode(hmac.digest(key, plain, "sha256")[:16])[:22].decode()
