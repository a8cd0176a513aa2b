"""The product's own signing key, made once and readable by its owner only."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dashebao.kernel.exchange.rules import PrivateKey, public_pem
from dashebao.kernel.exchange.transport import write_atomically

OURSELVES = "dashebao"


def own_key(data: Path) -> PrivateKey:
    """The P-256 key under `data`/keys; the first call makes it (mode 0600) and publishes its public half."""
    path = data / "keys" / "exchange.pem"
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} does not hold an elliptic-curve key")
    public = data / "exchange" / f"{OURSELVES}.pub.pem"
    if not public.exists():
        write_atomically(public, public_pem(key).encode())
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(pem)
    try:
        os.link(temporary, path)  # fails where another process was first: its key stands
    except FileExistsError:
        return
    finally:
        temporary.unlink()
