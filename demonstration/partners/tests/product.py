"""The product's side of the wire for tests: sends sealed messages into a partner's folder and opens what comes back."""

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demonstration.partners.mailbox import write_atomically
from demonstration.partners.signing import fingerprint, private_key, public_pem, read_public_key, seal, unpack, unseal


@dataclass
class Product:
    """One end of the exchange folders of a data folder."""

    data: Path
    number: int = 0
    sent: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = private_key(self.data / "keys" / "dashebao.pem")
        write_atomically(self.data / "exchange" / "dashebao.pub.pem", public_pem(self.key))

    def send(self, partner: str, kind: str, key: str, data: dict[str, Any], file: bytes | None = None) -> Path:
        """Put one message into the partner's folder; returns its path."""
        identity = str(uuid.uuid4())
        payload = {"id": identity, "source": "dashebao", "to": partner, "type": kind, "key": key, "data": data}
        if file is not None:
            import base64

            payload |= {"file": base64.b64encode(file).decode(), "name": f"{key}.txt"}
        self.sent[identity] = seal(payload, self.key)
        self.number += 1
        path = self.data / "exchange" / partner / "to" / f"{self.number:012d}-{identity}.jws"
        write_atomically(path, self.sent[identity].encode())
        return path

    def received(self, partner: str) -> list[dict[str, Any]]:
        """All messages of a partner so far, in the order sent; `plain` holds the file's bytes."""
        folder = self.data / "exchange" / partner
        public = read_public_key(folder / "partner.pub.pem")
        messages = [unseal(path.read_text(), public) for path in sorted((folder / "from").glob("0*.jws"))]
        return [message | {"plain": unpack(message)} for message in messages]

    def last(self, partner: str, kind: str) -> dict[str, Any]:
        """The newest message of a kind."""
        return [message for message in self.received(partner) if message["type"] == kind][-1]

    def receipts(self, partner: str) -> dict[str, bool]:
        """For every receipt: whether it names exactly the message as it was sent."""
        folder = self.data / "exchange" / partner
        public = read_public_key(folder / "partner.pub.pem")
        found = [unseal(path.read_text(), public) for path in (folder / "from").glob("receipt-*.jws")]
        return {one["receipt"]: one["sha256"] == fingerprint(self.sent[one["receipt"]]) for one in found}


def json_lines(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a message's file."""
    return [json.loads(line) for line in message["plain"].splitlines()]
