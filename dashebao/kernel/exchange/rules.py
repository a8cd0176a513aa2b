"""The envelope of a message: JSON in a compact JWS with a P-256 signature (RFC 7515, ES256), and its receipt."""

import base64
import gzip
import hashlib
import io
import json
import zlib
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

PrivateKey = ec.EllipticCurvePrivateKey
PublicKey = ec.EllipticCurvePublicKey

COORDINATE_BYTES = 32
HEAD = {"alg": "ES256", "typ": "JOSE"}
LONGEST = (100, 30, 200, 200, 200)  # id, kind, key, answers, name: as the tables keep them
MOST_FILE_BYTES = 512 * 1024 * 1024


class EnvelopeError(Exception):
    """A file is not an acceptable message; `code` is the reason kept with it in quarantine."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Envelope:
    """What travels: addresses, kind, idempotency key, a JSON control block and possibly a file."""

    id: str
    source: str
    to: str
    kind: str
    key: str
    answers: str
    time: str
    data: dict[str, Any]
    file: bytes | None = None
    name: str = ""

    def payload(self) -> dict[str, Any]:
        """The JSON object that is signed; a file is gzipped and in base64."""
        body: dict[str, Any] = {
            "id": self.id,
            "source": self.source,
            "to": self.to,
            "type": self.kind,
            "key": self.key,
            "answers": self.answers,
            "time": self.time,
            "data": self.data,
        }
        if self.file is not None:
            packed = gzip.compress(self.file, 6, mtime=0)
            body |= {"file": base64.b64encode(packed).decode(), "encoding": "gzip", "name": self.name}
        return body

    @property
    def digest(self) -> str:
        """SHA-256 of the content alone (kind, answers, data, file), to tell a repetition from another message."""
        content = json.dumps([self.kind, self.answers, self.data, self.name], sort_keys=True).encode()
        return hashlib.sha256(content + b"\0" + (self.file or b"")).hexdigest()


def envelope_of(payload: dict[str, Any]) -> Envelope:
    """Read an envelope from a verified payload; EnvelopeError "incomplete" where a part is missing or malformed."""
    try:
        identity, source, to, kind, key = texts = [payload[name] for name in ("id", "source", "to", "type", "key")]
        answers, time, name = (payload.get(part, "") for part in ("answers", "time", "name"))
        if not all(isinstance(text, str) for text in (*texts, answers, time, name)) or "" in texts:
            raise EnvelopeError("incomplete", "addresses, kind and key are non-empty texts")
        measured = zip((identity, kind, key, answers, name), LONGEST, strict=True)
        if any(len(text) > most for text, most in measured):
            raise EnvelopeError("too_long", "an id, a kind, a key or a name is longer than it may be")
        data = payload.get("data") or {}
        if not isinstance(data, dict):
            raise EnvelopeError("incomplete", "data is not an object")
        return Envelope(identity, source, to, kind, key, answers, time, data, _file(payload), name)
    except KeyError as error:
        raise EnvelopeError("incomplete", f"{error.args[0]} is missing") from error


def _file(payload: dict[str, Any]) -> bytes | None:
    packed = payload.get("file")
    if packed is None:
        return None
    try:
        raw = base64.b64decode(packed, validate=True)
        if payload.get("encoding") != "gzip":
            return raw
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            file = stream.read(MOST_FILE_BYTES + 1)
    except (ValueError, TypeError, OSError, EOFError, zlib.error) as error:
        raise EnvelopeError("incomplete", "the file inside cannot be unpacked") from error
    if len(file) > MOST_FILE_BYTES:
        raise EnvelopeError("too_big", "the file inside unpacks to too much")
    return file


def seal(payload: dict[str, Any], key: PrivateKey) -> str:
    """Sign a JSON object: compact JWS, ES256."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    signed = f"{_encode(json.dumps(HEAD, separators=(',', ':')).encode())}.{_encode(body)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    raw = r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")
    return f"{signed}.{_encode(raw)}"


def unseal(token: str, key: PublicKey) -> dict[str, Any]:
    """The JSON object of a token whose signature fits `key`.

    EnvelopeError "malformed" where it is no compact JWS with ES256, "bad_signature" where it was altered or signed
    with another key.
    """
    payload = peek(token)
    head, body, signature = token.strip().split(".")
    raw = _decode(signature)
    if len(raw) != 2 * COORDINATE_BYTES:
        raise EnvelopeError("malformed", "a P-256 signature has 64 bytes")
    r, s = int.from_bytes(raw[:COORDINATE_BYTES], "big"), int.from_bytes(raw[COORDINATE_BYTES:], "big")
    try:
        key.verify(encode_dss_signature(r, s), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise EnvelopeError("bad_signature", "altered, or signed with another key") from error
    return payload


def peek(token: str) -> dict[str, Any]:
    """The JSON object of a token without looking at its signature; never act on it alone."""
    parts = token.strip().split(".")
    if len(parts) != 3:
        raise EnvelopeError("malformed", "not a compact JWS")
    try:
        head, payload = (json.loads(_decode(part), parse_constant=_no_number) for part in parts[:2])
    except (ValueError, RecursionError) as error:
        raise EnvelopeError("malformed", "not a compact JWS over JSON") from error
    if not isinstance(head, dict) or head.get("alg") != HEAD["alg"] or not isinstance(payload, dict):
        raise EnvelopeError("malformed", "not an ES256 signature over a JSON object")
    return payload


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def fingerprint(token: str) -> str:
    """SHA-256 of a message as it travels; its receipt names it."""
    return hashlib.sha256(token.strip().encode()).hexdigest()


def receipt_payload(message_id: str, token: str, *, source: str, to: str, time: str) -> dict[str, str]:
    """What a receiver signs to say it holds exactly this message."""
    return {"receipt": message_id, "source": source, "to": to, "sha256": fingerprint(token), "time": time}


def read_public_key(pem: str) -> PublicKey:
    """A partner's P-256 public key from PEM text; ValueError for anything else."""
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 public key")
    return key


def public_pem(key: PrivateKey) -> str:
    """The public half of a key as PEM text."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise EnvelopeError("malformed", "not base64url") from error
