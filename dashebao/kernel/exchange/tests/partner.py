"""An outside partner for tests: own key, own end of the folders."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from dashebao.kernel.exchange.rules import (
    Envelope,
    envelope_of,
    public_pem,
    read_public_key,
    receipt_payload,
    seal,
    unseal,
)
from dashebao.kernel.exchange.transport import write_atomically


@dataclass
class Outsider:
    """One partner; `send` lays a message into the product's folder, `take` answers everything with receipts."""

    data: Path
    code: str = "tax"
    number: int = 0

    def __post_init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.folder = self.data / "exchange" / self.code
        self.taken = []

    @property
    def pem(self):
        return public_pem(self.key)

    def sealed(self, kind="T04", key="T04:1", data=None, file=None, **changes):
        fields = {"id": str(uuid.uuid4()), "source": self.code, "to": "dashebao"} | changes
        envelope = Envelope(
            fields["id"],
            fields["source"],
            fields["to"],
            kind,
            key,
            fields.get("answers", ""),
            "",
            data or {},
            file,
            "f",
        )
        return fields["id"], seal(envelope.payload(), fields.get("signer", self.key))

    def lay(self, identity, token):
        self.number += 1
        path = self.folder / "from" / f"{self.number:012d}-{identity}.jws"
        write_atomically(path, token.encode())
        return path

    def send(self, kind="T04", key="T04:1", data=None, file=None, **changes):
        return self.lay(*self.sealed(kind, key, data, file, **changes))

    def take(self, receipts=True):
        public = read_public_key((self.data / "exchange/dashebao.pub.pem").read_text())
        for path in sorted((self.folder / "to").glob("0*.jws")):
            token = path.read_text()
            envelope = envelope_of(unseal(token, public))
            self.taken.append(envelope)
            if receipts:
                receipt = receipt_payload(envelope.id, token, source=self.code, to="dashebao", time="")
                write_atomically(self.folder / "from" / f"receipt-{envelope.id}.jws", seal(receipt, self.key).encode())
            path.unlink()
        return self.taken

    def receipts(self):
        public = read_public_key((self.data / "exchange/dashebao.pub.pem").read_text())
        return {
            path.stem.removeprefix("receipt-"): (unseal(path.read_text(), public), path.read_text())
            for path in (self.folder / "to").glob("receipt-*.jws")
        }
