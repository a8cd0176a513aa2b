"""PAdES (ETSI EN 319 142) with pyHanko; entered through `sealing`, because the library takes a second to load."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from dashebao.platform.identity_centre.keeping import Examined

FIELD = "Seal"
UNREADABLE = (
    PdfError, SignatureValidationError, SigningError, ValueError, KeyError, TypeError, IndexError, AttributeError,
    RecursionError, AssertionError, OSError, NotImplementedError,
)  # fmt: skip
"""What a reader of files made by strangers may run into; every one means: this is not a paper of ours."""


def sealed(pdf: bytes, seal: keeping.Seal, reason: str) -> bytes:
    """The file with the seal's signature over all of it, added as one more revision."""
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
