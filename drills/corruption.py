"""Bits turned over on disk: in tables and indexes, in backups, in the archived log, in files of partners."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from dashebao.platform.data_centre.recovery.api import make, verify
from dashebao.site.postgres import Cluster
from demonstration.partners.mailbox import write_atomically
from demonstration.partners.signing import private_key, seal
from drills.declaring import Found, drill
from drills.files import TOTALS
from drills.folders import program, rows, running
from drills.ground import Ground
from drills.posting import posting
from drills.recovery import received, switch

RELATIONS = """
    select c.relname, t.relname, pg_relation_filepath(c.oid)
      from pg_class c left join pg_index i on i.indexrelid = c.oid join pg_class t on t.oid = coalesce(i.indrelid, c.oid)
     where c.relnamespace = 'public'::regnamespace and pg_relation_size(c.oid) > 0
       and (c.relkind = 'r' or c.relkind = 'i' and c.relam = (select oid from pg_am where amname = 'btree'))
     order by c.relname"""
READ = 'select count(*), sum(hashtextextended(t::text, 0)::numeric) from "{}" t'
WALK = "select bt_index_check('public.\"{}\"'::regclass)"
AT_ONCE = 25
SEEN = "select message_id, data from exchange_inboxmessage where message_id like 'flip-%'"

Bit = tuple[Path, int, int]


@drill(
    "flipped-bits",
    breaks=(
        "Single bits turn over in tables, indexes, backups, the archived log and files of partners.",
        "数据表、索引、备份、归档日志和合作方文件中有比特位翻转。",
    ),
    claim=(
        "Each is reported or harmless; no row is ever read that is not the one that was written.",
        "每一处均被报告或无害；读出的行都是写入的行。",
    ),
    control=(
        "The checksums of the data pages are switched off: a row read otherwise than written must be seen.",
        "关闭数据页校验：必须发现读出的行与写入的不同。",
    ),
)
def flipped_bits(ground: Ground, *, guarded: bool) -> Found:
    """Tables and indexes; then backup, log and files, which the control need not repeat."""
    found, data, flips = Found(), ground.copy(), 10 if ground.small else 100
    tables_flipped(ground, data, found, max(flips, AT_ONCE) if not guarded else flips, checked=guarded)
    if guarded:
        backup_flipped(ground, data, found, 3 if ground.small else 50)
        envelopes_flipped(ground, data, found, 10 if ground.small else 50)
    ground.drop(data)
    return found


def tables_flipped(ground: Ground, data: Path, found: Found, flips: int, *, checked: bool) -> None:
    """Turn bits of different relations while the server is down; read what they belong to once it is up again."""
    cluster, told = Cluster(data), Counter[str]()
    with running(data):
        execute(cluster, "create extension if not exists amcheck")
        places = [(name, table, cluster.folder / path) for name, table, path in rows(data, RELATIONS, "postgres")]
        chosen = ground.chance.sample(places, min(flips, len(places)))
        want = {table: said(cluster, READ.format(table)) for _name, table, _path in chosen}
    if not checked:
        cluster.run("pg_checksums", "--disable", "-D", str(cluster.folder))
    for some in (chosen[at : at + AT_ONCE] for at in range(0, len(chosen), AT_ONCE)):
        with turned([some_bit(ground, path) for _name, _table, path in some]), running(data):
            for name, table, _path in some:
                have = said(cluster, READ.format(table))
                walked = said(cluster, WALK.format(name)) if name != table else ("",)
                reported = isinstance(have, str) or isinstance(walked, str)
                found.expect(reported or have == want[table], f"{table} is read otherwise than written, without a word")
                told["reported" if reported else "harmless"] += 1
    found.figures["tables and indexes"] = dict(told)


def backup_flipped(ground: Ground, data: Path, found: Found, flips: int) -> None:
    """A backup and its log; each bit by itself, and `backup verify` after it."""
    place, told = ground.folder(), Counter[str]()
    with running(data) as cluster:
        receiver = received(cluster, place, synchronous=True)
        made = make(cluster, place)
        with posting(data, 2) as posters:
            for _segment in range(2):
                posters.wait_for(5)
                switch(data)
        receiver.stop(withdraw=True)
        files = [path for path in (place / "wal").iterdir() if path.suffix != ".partial" and path.stat().st_size]
        files = [made.folder / "backup.json", made.folder / "files.tar", *files]
        files += [path for path in (made.folder / "postgres").rglob("*") if path.is_file() and path.stat().st_size]
        found.wrong += verify(cluster, place)
        written = log_of(cluster, place)
        for number in range(flips):
            path = files[number] if number < 3 else ground.chance.choice(files)
            with turned([some_bit(ground, path)]):
                reported = bool(verify(cluster, place))
                harmless = not reported and path.parent.name == "wal" and log_of(cluster, place) == written
            found.expect(reported or harmless, f"a bit of {path.relative_to(place)} was turned and nobody said so")
            told["reported" if reported else "harmless"] += 1
    found.figures["backup and log"] = dict(told)
    shutil.rmtree(place)


def log_of(cluster: Cluster, place: Path) -> str:
    """Every record of the archived log, in words; their contents are under their checksums."""
    whole = sorted(
        path for path in (place / "wal").iterdir() if path.suffix != ".partial" and path.suffix != ".history"
    )
    return cluster.run("pg_waldump", "--path", str(place / "wal"), str(whole[0]), str(whole[-1]))


def envelopes_flipped(ground: Ground, data: Path, found: Found, flips: int) -> None:
    """Files of the tax office, each with one bit turned: put aside, or read as they were written."""
    key, folder = private_key(data / "partners" / "tax" / "key.pem"), data / "exchange" / "tax" / "from"
    for number in range(flips):
        name = f"flip-{number}"
        written = {"id": name, "source": "tax", "to": "dashebao", "type": "T07", "key": name, "data": TOTALS}
        path = folder / f"{number:012d}-{name}.jws"
        write_atomically(path, seal(written, key).encode())
        turn(some_bit(ground, path))
    with running(data):
        program(data, "exchange", "fetch", check=False)
        kept = rows(data, SEEN)
    found.expect(all(content == TOTALS for _name, content in kept), "a turned bit changed what was taken in")
    found.figures["files of partners"] = {"reported": flips - len(kept), "harmless": len(kept)}


def some_bit(ground: Ground, path: Path) -> Bit:
    """A bit of a file, by chance."""
    return path, ground.chance.randrange(path.stat().st_size), 1 << ground.chance.randrange(8)


def turn(bit: Bit) -> None:
    """Turn one bit over."""
    path, at, mask = bit
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ mask]))


@contextmanager
def turned(bits: list[Bit]) -> Iterator[None]:
    """The bits are turned over for the length of the block."""
    for bit in bits:
        turn(bit)
    try:
        yield
    finally:
        for bit in bits:
            turn(bit)


def said(cluster: Cluster, statement: str) -> tuple[Any, ...] | str:
    """The row that answers, or the server's complaint."""
    try:
        with psycopg.connect(cluster.dsn("postgres")) as connection:
            return connection.execute(statement).fetchone() or ()
    except psycopg.Error as error:
        return str(error) or type(error).__name__


def execute(cluster: Cluster, statement: str) -> None:
    """One statement with the server's own login."""
    with psycopg.connect(cluster.dsn("postgres")) as connection:
        connection.execute(statement)
