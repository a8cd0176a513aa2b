"""The files of an installation beside its database: secrets, keys, the partners' folders."""

import hashlib
import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext as _

from dashebao.platform.data_centre.recovery.errors import RecoveryError

MADE_ANEW = {"postgres", "postgres.log", "postgres.port", "postgres.conf", "static"}
MADE_BY_SETTINGS = {"secrets.json"}  # the only file that a command leaves in a new data folder


def own_files(data: Path) -> Iterator[Path]:
    """What a backup takes of a data folder, first level only; the database is taken by itself."""
    for path in sorted(data.iterdir()):
        if path.name not in MADE_ANEW:
            yield path


def pack(data: Path, target: Path) -> str:
    """Write the files of a data folder into a tar file that its owner alone may read; returns its SHA-256."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for top in own_files(data):
                for path in (top, *sorted(top.rglob("*"))):
                    with suppress(FileNotFoundError):  # a message that was just taken; its sender repeats it
                        archive.add(path, str(path.relative_to(data)), recursive=False)
        stream.flush()
        os.fsync(stream.fileno())
    return digest(target)


def unpack(source: Path, data: Path) -> None:
    """Lay the packed files out in a data folder, modes kept."""
    with tarfile.open(source) as archive:
        archive.extractall(data, filter="tar")


def digest(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def require_empty(data: Path) -> None:
    """RecoveryError where something lives in the data folder already: nothing is ever overwritten."""
    data.mkdir(parents=True, exist_ok=True)
    found = sorted(path.name for path in data.iterdir() if path.name not in MADE_BY_SETTINGS)
    if found:
        text = _("%(data)s is not empty (%(names)s). Choose a new data folder; nothing is overwritten.")
        raise RecoveryError(text % {"data": data, "names": ", ".join(found[:5])})
