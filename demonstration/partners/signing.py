"""Sealing and opening of messages: compact JWS with P-256 keys, written independently of the product's own code."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

COORDINATE_BYTES = 32


class BadMessage(Exception):
    """The file is not a message of the expected sender: malformed, altered or signed by somebody else."""


def private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read the P-256 private key at `path`; the first call makes it, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadMessage(f"{path} holds no elliptic-curve key")
    return key


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as PEM, for handing to the other side."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def seal(payload: dict[str, Any], key: ec.EllipticCurvePrivateKey) -> str:
    """Sign a JSON object as a compact JWS (ES256)."""
    head = _encode(b'{"alg":"ES256","typ":"JOSE"}')
    body = _encode(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())
    signed = f"{head}.{body}".encode()
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")
    return f"{head}.{body}.{_encode(signature)}"


def unseal(token: str, key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    """Check the signature and return the JSON object; raises BadMessage."""
    try:
        head, body, signature = token.strip().split(".")
        if json.loads(_decode(head)).get("alg") != "ES256":
            raise BadMessage("only ES256 is accepted")
        raw = _decode(signature)
        if len(raw) != 2 * COORDINATE_BYTES:
            raise BadMessage("signature has the wrong length")
        r, s = (int.from_bytes(part, "big") for part in (raw[:COORDINATE_BYTES], raw[COORDINATE_BYTES:]))
        key.verify(encode_dss_signature(r, s), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
        payload = json.loads(_decode(body))
    except InvalidSignature as error:
        raise BadMessage("signature does not fit") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise BadMessage("not a compact JWS over JSON") from error
    if not isinstance(payload, dict):
        raise BadMessage("payload is not an object")
    return payload


def read_public_key(path: Path) -> ec.EllipticCurvePublicKey:
    """The other side's public key from its PEM file."""
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise BadMessage(f"{path} holds no elliptic-curve key")
    return key


def fingerprint(token: str) -> str:
    """SHA-256 of a message as it stands on disk, which its receipt names."""
    return hashlib.sha256(token.strip().encode()).hexdigest()


def pack(content: bytes) -> str:
    """A file as it travels inside the envelope: gzip, then base64."""
    return base64.b64encode(gzip.compress(content, 6, mtime=0)).decode()


def unpack(payload: dict[str, Any]) -> bytes | None:
    """The file of an envelope as plain bytes, or None."""
    if payload.get("file") is None:
        return None
    raw = base64.b64decode(payload["file"])
    return gzip.decompress(raw) if payload.get("encoding") == "gzip" else raw


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
