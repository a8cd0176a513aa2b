"""Full backups of an installation: made, listed, verified; a backup without its description is none."""

import hashlib
import json
import os
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from dashebao.platform.data_centre.recovery import archive
from dashebao.platform.data_centre.recovery.errors import RecoveryError
from dashebao.platform.data_centre.recovery.files import digest, pack
from dashebao.platform.data_centre.recovery.server import DATABASE, LOGIN, Server

DESCRIPTION, CLUSTER, FILES = "backup.json", "postgres", "files.tar"
NEWEST_SEALS = """
    select 'ledger', seq, encode(chain, 'hex') from ledger_seal where seq = (select max(seq) from ledger_seal)
    union all select log, number, encode(chain, 'hex') from records_seal s
     where number = (select max(number) from records_seal where log = s.log) order by 1"""


@dataclass(frozen=True)
class Backup:
    """One full backup: where it lies, when it was complete (the earliest moment it can restore to), and from which position
    of the log on it needs the archive.

    `seals` are the newest seals of ledger and audit trail as [log, number, chain]: a restored installation must have them.
    """

    folder: Path
    name: str
    at: str
    position: str
    files_sha256: str
    bytes: int
    seals: list[list[Any]] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        """When the backup was complete."""
        return datetime.fromisoformat(self.at)


def make(server: Server, place: Path) -> Backup:
    """A full backup of the running installation under `place`, verified before it counts; RecoveryError if it fails."""
    if place.resolve().is_relative_to(server.data.resolve()):
        raise RecoveryError(_("Choose a place outside the data folder, best on another disk."))
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    folder = place / name
    folder.mkdir(parents=True, mode=0o700)
    server.hand_over(folder)
    options = ("-X", "stream", "-c", "fast", "-l", f"dashebao {name}", "--manifest-checksums=SHA256")
    finish(server.client("pg_basebackup", "-D", str(folder / CLUSTER), *options))
    sha256 = pack(server.data, folder / FILES)
    seals = newest_seals(server)
    ranges = json.loads((folder / CLUSTER / "backup_manifest").read_text())["WAL-Ranges"]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    made = Backup(folder, name, datetime.now(UTC).isoformat(), ranges[-1]["End-LSN"], sha256, size, seals)
    wrong = _findings(server, made)
    if wrong:
        raise RecoveryError(_("The backup is not whole: %(findings)s") % {"findings": "; ".join(wrong)})
    _describe(made)
    return made


def backups(place: Path) -> list[Backup]:
    """The complete backups under a place, oldest first; one whose description was changed is none."""
    return [found for path in _descriptions(place) if (found := _read(path))]


def _descriptions(place: Path) -> list[Path]:
    return sorted(place.glob(f"*/{DESCRIPTION}"))


def _read(path: Path) -> Backup | None:
    try:
        told = json.loads(path.read_text())
        sha256 = told.pop("sha256")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return Backup(folder=path.parent, **told) if sha256 == _own_digest(told) else None


def _own_digest(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def verify(server: Server, place: Path) -> list[str]:
    """What is wrong with the backups of a place and with the log archived since the oldest of them; empty if nothing."""
    found = backups(place)
    wrong = [f"{path}: changed" for path in _descriptions(place) if not _read(path)]
    if not found:
        return [*wrong, _("There is no complete backup in %(place)s.") % {"place": place}]
    wrong += [finding for backup in found for finding in _findings(server, backup)]
    return wrong + archive.findings(server, place / archive.FOLDER, found[0].position)


def newest_seals(server: Server) -> list[list[Any]]:
    """The newest seal of each log as [log, number, chain]."""
    with psycopg.connect(server.dsn(LOGIN, DATABASE)) as connection:
        return [list(row) for row in connection.execute(NEWEST_SEALS)]


def _findings(server: Server, backup: Backup) -> list[str]:
    wrong = []
    try:
        server.run("pg_verifybackup", "--quiet", "--exit-on-error", str(backup.folder / CLUSTER))
    except RuntimeError as error:
        wrong.append(f"{backup.name}: {error}")
    if not (backup.folder / FILES).exists() or digest(backup.folder / FILES) != backup.files_sha256:
        wrong.append(f"{backup.folder / FILES}: changed or missing")
    return wrong


def _describe(backup: Backup) -> None:
    """Write the description last and in one step: a backup that was interrupted has none."""
    told = asdict(backup)
    del told["folder"]
    temporary = backup.folder / f".{DESCRIPTION}"
    with temporary.open("w") as stream:
        json.dump(told | {"sha256": _own_digest(told)}, stream, indent=2)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(backup.folder / DESCRIPTION)


def finish(process: "subprocess.Popen[str]") -> None:
    """Wait for a program of the server; RecoveryError with its words if it fails."""
    said, _nothing = process.communicate()
    if process.returncode:
        program = Path(str(process.args[0])).name
        raise RecoveryError(_("%(program)s failed: %(said)s") % {"program": program, "said": said.strip()})
