"""The folder transport: messages lie as files in two folders per partner until the other side has taken them.

`<exchange>/<folder>/to/` holds what goes to the partner, `from/` what comes from it. A file is complete as soon as
it has its final name; whoever reads it removes it after its own commit, so a crash at any point only repeats a message.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".jws"
RECEIPT = "receipt-"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, flush it to disk and give it its name in one step; OSError leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Folder:
    """The folders of one partner."""

    root: Path

    def put(self, sequence: int, message_id: str, token: str) -> None:
        """Lay out one message; the same message again overwrites itself."""
        write_atomically(self._out(sequence, message_id), token.encode())

    def lies_waiting(self, sequence: int, message_id: str) -> bool:
        """Whether the partner has not yet taken the message's file."""
        return self._out(sequence, message_id).exists()

    def put_receipt(self, message_id: str, token: str) -> None:
        """Lay out our receipt for a message of the partner."""
        write_atomically(self.root / "to" / f"{RECEIPT}{message_id}{SUFFIX}", token.encode())

    def arrivals(self) -> Iterator[Path]:
        """Complete files from the partner, in the order of their names."""
        yield from sorted((self.root / "from").glob(f"*{SUFFIX}"))

    def put_aside(self, path: Path, number: int) -> Path:
        """Move a refused file into quarantine; `number` keeps names apart."""
        target = self.root / "quarantine" / f"{number:08d}-{path.name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        return target

    def _out(self, sequence: int, message_id: str) -> Path:
        return self.root / "to" / f"{sequence:012d}-{message_id}{SUFFIX}"


def strangers(exchange: Path, known: set[str]) -> Iterator[Path]:
    """Files that lie in the folder of nobody we know."""
    for path in sorted(exchange.glob(f"*/from/*{SUFFIX}")):
        if path.parent.parent.name not in known:
            yield path
