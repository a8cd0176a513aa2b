"""The folder of keys and certificates: made whole at first use, readable by its owner only."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.conf import settings

from dashebao.platform.identity_centre import certificates

WITHDRAWN = "withdrawn.json"


@dataclass(frozen=True)
class Held:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


@dataclass(frozen=True)
class Seal:
    """One seal of the authority; `withdrawn_at` is None while it is good."""

    number: int
    certificate: x509.Certificate
    withdrawn_at: datetime | None
    reason: str

    @property
    def name(self) -> str:
        """The common name of the certificate."""
        return str(self.certificate.subject.get_attributes_for_oid(x509.oid.NameOID.COMMON_NAME)[0].value)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return self.certificate.fingerprint(certificates._SHA).hex()


@dataclass(frozen=True)
class Examined:
    """What the seal on a file says.

    `sealed`: there is a signature; `intact`: the sealed bytes are unchanged and nothing was added after them;
    `trusted`: it was made with a seal of this authority that is not withdrawn.
    """

    sealed: bool = False
    intact: bool = False
    trusted: bool = False
    name: str = ""
    at: datetime | None = None

    @property
    def good(self) -> bool:
        """Whether the seal holds in every respect."""
        return self.sealed and self.intact and self.trusted


def folder() -> Path:
    """Where the authority's keys are; made with a root and a first seal if it does not exist."""
    path = Path(settings.DATA) / "keys" / "seals"
    if not path.exists():
        _found(path)
    return path


def root() -> Held:
    """The root."""
    return _held(folder() / "root")


def seals() -> list[Seal]:
    """All seals there ever were, the newest first."""
    path, gone = folder(), withdrawn()
    found = []
    for file in sorted(path.glob("seal-*.crt"), reverse=True):
        certificate = _certificate(file)
        entry = gone.get(str(certificate.serial_number))
        at = datetime.fromisoformat(entry["at"]) if entry else None
        found.append(Seal(int(file.stem[5:]), certificate, at, entry["reason"] if entry else ""))
    return found


def seal_with(number: int) -> Held:
    """The certificate and key of a seal."""
    return _held(folder() / f"seal-{number:03d}")


def add_seal() -> Seal:
    """Make the next seal; the one with the highest number seals from now on."""
    path, authority = folder(), root()
    number = max((seal.number for seal in seals()), default=0) + 1
    _write_seal(path, number, authority)
    return seals()[0]


def withdrawn() -> dict[str, dict[str, str]]:
    """Serial number -> when and why a certificate was withdrawn."""
    path = folder() / WITHDRAWN
    found: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    return found


def withdraw(seal: Seal, reason: str) -> None:
    """Put a seal on the list of withdrawn certificates."""
    entries = withdrawn()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    entries[str(seal.certificate.serial_number)] = {"at": at, "reason": reason}
    _write(folder() / WITHDRAWN, json.dumps(entries, ensure_ascii=False, indent=1).encode())


def revocation_list() -> bytes:
    """The list of withdrawn certificates, signed now (DER)."""
    authority = root()
    entries = [(int(serial), datetime.fromisoformat(entry["at"])) for serial, entry in withdrawn().items()]
    signed = certificates.revocation_list(authority.certificate, authority.key, entries)
    return signed.public_bytes(serialization.Encoding.DER)


def _found(path: Path) -> None:
    """Make the whole folder beside its place and move it there: two processes cannot make two roots."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Path(tempfile.mkdtemp(prefix=".seals.", dir=path.parent))
    key = certificates.new_key()
    authority = Held(certificates.root_certificate(key, datetime.now(UTC)), key)
    _write(made / "root.key", _private(key))
    _write(made / "root.crt", authority.certificate.public_bytes(serialization.Encoding.PEM))
    _write_seal(made, 1, authority)
    try:
        made.rename(path)
    except OSError:
        shutil.rmtree(made)
        if not path.exists():
            raise


def _write_seal(path: Path, number: int, authority: Held) -> None:
    key = certificates.new_key()
    certificate = certificates.seal_certificate(number, key, authority.certificate, authority.key)
    _write(path / f"seal-{number:03d}.key", _private(key))
    _write(path / f"seal-{number:03d}.crt", certificate.public_bytes(serialization.Encoding.PEM))


def _private(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


@lru_cache(maxsize=64)
def _held(path: Path) -> Held:
    key = serialization.load_pem_private_key(path.with_suffix(".key").read_bytes(), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError(f"{path}.key does not hold an elliptic-curve key")
    return Held(_certificate(path.with_suffix(".crt")), key)


@lru_cache(maxsize=64)
def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())
