"""Seals PDF files with the authority's certificate and examines sealed ones (PAdES, ETSI EN 319 142)."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import crl, keys, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dashebao.platform.identity_centre import keeping

FIELD = "Seal"
RENEWED_BEFORE = timedelta(days=30)
UNREADABLE = (
    PdfError, SignatureValidationError, SigningError, ValueError, KeyError, TypeError, IndexError, AttributeError,
    RecursionError, AssertionError, OSError, NotImplementedError,
)  # fmt: skip
"""What a reader of files made by strangers may run into; every one means: this is not a paper of ours."""


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


def current_seal() -> keeping.Seal:
    """The seal in use; a new one is made when the last good one is about to expire."""
    soon = datetime.now(UTC) + RENEWED_BEFORE
    for seal in keeping.seals():
        if seal.withdrawn_at is None and seal.certificate.not_valid_after_utc > soon:
            return seal
    return keeping.add_seal()


def sealed(pdf: bytes, reason: str = "") -> bytes:
    """The file with the authority's signature over all of it, added as one more revision."""
    seal = current_seal()
    details = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        name=seal.name,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signer = _signer(str(keeping.folder()), seal.number)
    return bytes(_apart(signers.sign_pdf, writer, details, signer=signer).getvalue())


def _apart(work: Callable[..., Any], *given: object, **named: object) -> Any:
    """Run in a thread of its own: the library starts an event loop, and the caller's thread may have one already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *given, **named).result()


def examined(pdf: bytes) -> Examined:
    """What the seal on a file says; a file that cannot be read counts as not sealed."""
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not found:
            return Examined()
        status = _apart(validate_pdf_signature, found[-1], _trust())
    except UNREADABLE:
        return Examined()
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Examined(
        sealed=True,
        intact=bool(status.intact and status.valid and whole),
        trusted=bool(status.trusted),
        name=str(status.signing_cert.subject.native.get("common_name", "")),
        at=status.signer_reported_dt,
    )


def _trust() -> ValidationContext:
    """Only our root is trusted, and the list of withdrawn seals is made afresh; nothing is fetched."""
    root = _plain(keeping.root().certificate.public_bytes(serialization.Encoding.DER))
    withdrawn = crl.CertificateList.load(keeping.revocation_list())
    return ValidationContext(trust_roots=[root], crls=[withdrawn], allow_fetching=False, revocation_mode="require")


@lru_cache(maxsize=16)
def _signer(_folder: str, number: int) -> signers.SimpleSigner:
    held = keeping.seal_with(number)
    store = SimpleCertificateStore()
    store.register(_plain(keeping.root().certificate.public_bytes(serialization.Encoding.DER)))
    key = held.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=_plain(held.certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )


def _plain(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)
