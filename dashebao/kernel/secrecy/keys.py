"""The keys of sealed values: numbered, in one file outside the database, made at first use."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FILE = "fields.json"


class UnknownKey(Exception):
    """No key has this number, or the file of keys is gone."""


@dataclass(frozen=True, repr=False)
class Key:
    """One key; `superseded_at` is None for the newest, which alone seals."""

    number: int
    secret: bytes
    made_at: str
    superseded_at: str | None = None


@dataclass(frozen=True, repr=False)
class Keys:
    """All keys of an installation: numbered ones seal and open, `search` makes the digests that are searched by."""

    search: bytes
    numbered: dict[int, Key]
    ciphers: dict[tuple[str, int], AESGCM] = field(default_factory=dict, compare=False, repr=False)
    searches: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def newest(self) -> int:
        """The number of the key that seals."""
        return max(self.numbered)

    def cipher(self, family: str, number: int) -> AESGCM:
        """The cipher of one family of values under one key; UnknownKey where there is no such key."""
        if (found := self.ciphers.get((family, number))) is not None:
            return found
        if number not in self.numbered:
            raise UnknownKey(f"key {number} is not in {place()}")
        made = AESGCM(_derived(self.numbered[number].secret, f"seal {family}"))
        self.ciphers[family, number] = made
        return made

    def searching(self, family: str) -> bytes:
        """The key of the digests of one family."""
        found = self.searches.get(family)
        if found is None:
            found = self.searches[family] = _derived(self.search, f"search {family}")
        return found


_held: tuple[Any, tuple[int, int], Keys] | None = None  # the data folder, what the file was like, the keys in it


def place() -> Path:
    """Where the keys lie."""
    return Path(settings.DATA) / "keys" / FILE


def current(*, make: bool = False) -> Keys:
    """The keys as the file holds them now; `make` makes the first one. UnknownKey where there is no file."""
    global _held
    path = place()
    try:
        status = path.stat()
    except FileNotFoundError:
        if not make:
            raise UnknownKey(f"{path} is not there") from None
        _write_first(path)
        status = path.stat()
    stamp, held = (status.st_ino, status.st_mtime_ns), _held
    if held is None or held[0] is not settings.DATA or held[1] != stamp:
        held = _held = (settings.DATA, stamp, _read(path))
    return held[2]


def opening(family: str, number: int) -> AESGCM:
    """The cipher that opens; the file is looked at again only for a key that is not known yet."""
    held = _held
    if held is not None and held[0] is settings.DATA:
        found = held[2].ciphers.get((family, number))
        if found is not None:
            return found
    return current().cipher(family, number)


def add_key() -> Key:
    """Make the next key; it seals from now on, in programs that run already too."""

    def added(kept: dict[str, Any]) -> None:
        number = max(int(one) for one in kept["keys"])
        kept["keys"][str(number)]["superseded_at"] = _now()
        kept["keys"][str(number + 1)] = _new_key()

    _change(added)
    keys = current()
    return keys.numbered[keys.newest]


def drop_key(number: int) -> None:
    """Destroy a superseded key: what it sealed can never be opened again."""

    def dropped(kept: dict[str, Any]) -> None:
        if kept["keys"][str(number)]["superseded_at"] is None:
            raise ValueError(f"key {number} is in use")
        del kept["keys"][str(number)]

    _change(dropped)


def _change(change: Callable[[dict[str, Any]], None]) -> None:
    """Replace the file as a whole, on the disk before its name: nobody ever reads half of it."""
    current(make=True)
    path = place()
    kept = json.loads(path.read_text())
    change(kept)
    temporary = _written(path, kept)
    temporary.replace(path)
    _settle(path.parent)
    current()


def _write_first(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = _written(path, {"search": secrets.token_hex(32), "keys": {"1": _new_key()}})
    try:
        os.link(temporary, path)  # of two programs that start together one makes the keys, the other takes them
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    _settle(path.parent)


def _written(path: Path, content: dict[str, Any]) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    return temporary


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> Keys:
    kept = json.loads(path.read_text())
    numbered = {
        int(number): Key(int(number), bytes.fromhex(one["secret"]), one["made_at"], one["superseded_at"])
        for number, one in kept["keys"].items()
    }
    return Keys(bytes.fromhex(kept["search"]), numbered)


def _new_key() -> dict[str, Any]:
    return {"secret": secrets.token_hex(32), "made_at": _now(), "superseded_at": None}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _derived(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose out of a uniformly random one (one block of HKDF's expansion, RFC 5869)."""
    return hmac.digest(secret, f"dashebao {purpose}".encode() + b"\x01", hashlib.sha256)
