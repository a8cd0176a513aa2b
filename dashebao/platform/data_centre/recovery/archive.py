"""The archive of the write-ahead log: which segments are there, which are missing, whether they can be read."""

import re
from pathlib import Path

from dashebao.platform.data_centre.recovery.server import Server

FOLDER = "wal"
SEGMENT_BYTES = 16 * 1024 * 1024
PER_LOG = 0x1_0000_0000 // SEGMENT_BYTES
NAME = re.compile(r"^[0-9A-F]{24}(\.partial)?$")


def number_of(name: str) -> int:
    """Place of a segment in the whole log, over all timelines."""
    return int(name[8:16], 16) * PER_LOG + int(name[16:24], 16)


def number_at(position: str) -> int:
    """Number of the segment that holds a position such as 0/3000028."""
    high, low = position.split("/")
    return int(high, 16) * PER_LOG + int(low, 16) // SEGMENT_BYTES


def segments(wal: Path) -> list[str]:
    """Names of the segments in the archive, complete and partial ones, in order."""
    if not wal.is_dir():
        return []
    found = [path.name for path in wal.iterdir() if NAME.match(path.name)]
    return sorted(found, key=lambda name: (number_of(name), name))


def findings(server: Server, wal: Path, start: str) -> list[str]:
    """What is wrong with the archive from position `start` on: segments missing, cut short or unreadable."""
    names = [name for name in segments(wal) if number_of(name) >= number_at(start)]
    if not names:
        return []
    there = {number_of(name) for name in names}
    wrong = [
        f"{wal}: segment {_named(n, names)} is missing" for n in range(number_at(start), max(there)) if n not in there
    ]
    whole = [name for name in names if not name.endswith(".partial")]
    wrong += [f"{wal / name}: cut short" for name in whole if (wal / name).stat().st_size != SEGMENT_BYTES]
    if wrong or not whole:
        return wrong
    for timeline in sorted({name[:8] for name in whole}):
        own = [name for name in whole if name.startswith(timeline)]
        try:
            server.run("pg_waldump", "--quiet", "--path", str(wal), str(wal / own[0]), str(wal / own[-1]))
        except RuntimeError as error:
            wrong.append(str(error))
    return wrong


def _named(number: int, names: list[str]) -> str:
    """The name a missing segment would have, on the timeline of the segment before it."""
    before = [name for name in names if number_of(name) < number] or names[:1]
    return f"{before[-1][:8]}{number // PER_LOG:08X}{number % PER_LOG:08X}"
