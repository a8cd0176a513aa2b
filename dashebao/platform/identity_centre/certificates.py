"""X.509 certificates of the authority: a root and the seals it certifies, all on P-256."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ORGANISATION = "社会保险经办机构"
ROOT_NAME = "社会保险电子印章根证书"
SEAL_NAME = "社会保险经办业务电子印章"
ROOT_YEARS, SEAL_YEARS = 20, 3
CLOCKS_APART = timedelta(minutes=5)  # a reader's clock may be a little behind ours
LIST_LASTS = timedelta(days=7)


def new_key() -> EllipticCurvePrivateKey:
    """A fresh private key."""
    return generate_private_key(SECP256R1())


def root_certificate(key: EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """The self-signed certificate everything else is trusted through."""
    name = _name(ROOT_NAME)
    bare = _builder(name, key, now, ROOT_YEARS).issuer_name(name)
    return bare.add_extension(x509.BasicConstraints(True, 0), True).add_extension(_usage(True), True).sign(key, _SHA)


def seal_certificate(
    number: int, key: EllipticCurvePrivateKey, root: x509.Certificate, root_key: EllipticCurvePrivateKey
) -> x509.Certificate:
    """A certificate for the seal with this number; it may sign documents and nothing else."""
    bare = _builder(_name(f"{SEAL_NAME} {number:03d}"), key, datetime.now(UTC), SEAL_YEARS).issuer_name(root.subject)
    return (
        bare.add_extension(x509.BasicConstraints(False, None), True)
        .add_extension(_usage(False), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False)
        .sign(root_key, _SHA)
    )


def revocation_list(
    root: x509.Certificate, root_key: EllipticCurvePrivateKey, withdrawn: Iterable[tuple[int, datetime]]
) -> x509.CertificateRevocationList:
    """The signed list of withdrawn certificates: (serial number, since when)."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(now - CLOCKS_APART)
        .next_update(now + LIST_LASTS)
        .add_extension(x509.CRLNumber(int(now.timestamp())), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False)
    )
    for serial, since in withdrawn:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(root_key, _SHA)


_SHA = hashes.SHA256()


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(name: x509.Name, key: EllipticCurvePrivateKey, now: datetime, years: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_APART)
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
