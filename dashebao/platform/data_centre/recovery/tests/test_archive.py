"""The archive of the log: a segment that is missing or cut short is named, an installation is never overwritten."""

import pytest

from dashebao.platform.data_centre.recovery import archive, files
from dashebao.platform.data_centre.recovery.errors import RecoveryError


class Reader:
    """A server whose pg_waldump reads everything, or nothing."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken

    def run(self, program, *arguments):
        if self.broken:
            raise RuntimeError(self.broken)
        return ""


@pytest.fixture
def wal(tmp_path):
    for name in ("0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000000"):
        with (tmp_path / name).open("wb") as segment:
            segment.truncate(archive.SEGMENT_BYTES)
    (tmp_path / "000000010000000100000001.partial").touch()
    (tmp_path / "00000002.history").touch()
    return tmp_path


def test_a_whole_archive_has_no_findings_over_the_border_of_a_log(wal):
    assert archive.findings(Reader(), wal, "0/FE000028") == []


def test_a_missing_segment_is_named(wal):
    (wal / "0000000100000000000000FF").unlink()
    (finding,) = archive.findings(Reader(), wal, "0/FE000028")
    assert "0000000100000000000000FF is missing" in finding


def test_a_segment_missing_before_the_first_is_named(wal):
    (finding,) = archive.findings(Reader(), wal, "0/FD000028")
    assert "0000000100000000000000FD is missing" in finding


def test_a_segment_cut_short_and_one_that_cannot_be_read_are_found(wal):
    assert archive.findings(Reader("bad record"), wal, "0/FE000028") == ["bad record"]
    (wal / "000000010000000100000000").write_bytes(b"x")
    (finding,) = archive.findings(Reader(), wal, "0/FE000028")
    assert finding.endswith("cut short")


def test_what_was_archived_before_the_oldest_backup_does_not_count(wal):
    (wal / "0000000100000000000000FE").unlink()
    assert archive.findings(Reader(), wal, "0/FF000028") == []


def test_files_come_back_with_their_modes_and_without_the_database(tmp_path):
    data, target = tmp_path / "data", tmp_path / "new"
    (data / "keys").mkdir(parents=True)
    (data / "keys" / "exchange.pem").write_text("secret")
    (data / "keys" / "exchange.pem").chmod(0o600)
    (data / "postgres").mkdir()
    digest = files.pack(data, tmp_path / "files.tar")
    files.require_empty(target)
    files.unpack(tmp_path / "files.tar", target)
    assert digest == files.digest(tmp_path / "files.tar")
    assert (target / "keys" / "exchange.pem").stat().st_mode & 0o777 == 0o600
    assert not (target / "postgres").exists()
    with pytest.raises(RecoveryError, match="keys"):
        files.require_empty(target)
