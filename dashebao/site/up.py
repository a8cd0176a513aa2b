"""`bin/up`: from nothing to a served province: database, migrations, demonstration, the month, web and worker."""

import argparse
import datetime
import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from dashebao.site import companions, secrets, translations
from dashebao.site.commands import language
from dashebao.site.environment import database_url
from dashebao.site.postgres import DATABASE, Cluster, PostgresFailed, free_port, make_logins, wait_until_ready

ROOT = Path(__file__).resolve().parents[2]
DATABASE_PAUSE = 5.0
# Connections a web process accepts; browsers hold up to six each, most of them idle. Beyond it nobody new is answered. What
# it does at once is bounded by its threads.
CONNECTIONS = 4_096
SETTLED_SECONDS, FALLS = 30.0, 5  # a process that falls this often before it has run this long is given up
SAYINGS = {
    "database": ("Starting PostgreSQL …", "正在启动 PostgreSQL …"),
    "migrate": ("Bringing the tables up to date …", "正在更新数据表 …"),
    "province": ("Making a demonstration province of {people:,} people …", "正在生成 {people:,} 人的演示省份 …"),
    "month": ("Running the month {month} …", "正在运行 {month} 月度主流程 …"),
    "shown": (
        "Every month that has begun is done; the newest is {month}.",
        "已开始的月份均已办结，最近一个月为 {month}。",
    ),
    "serve": ("Serving at {address} — Ctrl-C stops everything.", "服务地址 {address}，按 Ctrl-C 停止全部服务。"),
    "failed": (
        "This step failed; see above. Run bin/up again to carry on from here.",
        "此步骤失败，见上文。再次运行 bin/up 可从此处继续。",
    ),
    "again": ("{what} ended unexpectedly; starting it again.", "{what} 意外退出，正在重新启动。"),
    "port": ("Port {port} is taken; choose another with --port.", "端口 {port} 已被占用，请用 --port 另选。"),
    "month_form": ("“{month}” is not a month; write it as 2026-11.", "“{month}”不是月份，请写成 2026-11。"),
}


def say(key: str, **values: object) -> str:
    """A sentence of this program in the terminal's language, also printed."""
    text = SAYINGS[key][language() != "en"].format(**values)
    print(text, flush=True)
    return text


@dataclass
class Child:
    """One process of the running product, and how often it fell soon after its start."""

    role: str
    arguments: tuple[str, ...]
    process: "subprocess.Popen[bytes]"
    began: float
    falls: int = 0


class Up:
    """One run of bin/up: what it started it stops."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.data = Path(options.data).resolve()
        self.cluster = Cluster(self.data)
        self.children: list[Child] = []
        self.began = time.monotonic()
        self.environment = {**os.environ, "DASHEBAO_DATA": str(self.data), "PYTHONUNBUFFERED": "1"}
        self.environment.setdefault("DASHEBAO_ADDRESS", f"http://127.0.0.1:{options.port}")
        self.environment.update(MALLOC_TRIM_THRESHOLD_="1000000000", MALLOC_MMAP_THRESHOLD_="1000000000")

    def run(self) -> int:
        """The whole way; returns the exit code."""
        started_here = False
        try:
            started_here = self._database()
            self._prepare()
            if self.options.run_month:
                self._month()
            if self.options.serve:
                self._serve()
            return 0
        except StepFailed as failure:
            say("failed")
            return failure.code
        finally:
            self._stop_children()
            if started_here and not database_url():
                self.cluster.stop()

    def _database(self) -> bool:
        say("database")
        if database_url():
            wait_until_ready(database_url())
            with psycopg.connect(database_url(), autocommit=True) as connection:
                make_logins(connection, secrets.load(self.data)["passwords"], owner=False)
            return False
        started = self.cluster.start()
        wait_until_ready(self.cluster.dsn("dashebao_owner", DATABASE))
        return started

    def _prepare(self) -> None:
        translations.compile_all()  # beside the stamp: a new checkout may serve an old data folder
        stamp, version = self.data / "setup.version", version_of_the_program()
        if not stamp.exists() or stamp.read_text() != version:
            say("migrate")
            self._call("owner", "-m", "dashebao", "setup")
            stamp.write_text(version)
        people = self.options.people
        if not (self.data / "demonstration.json").exists() and not self.options.empty:
            say("province", people=people)
            self._call(
                "owner", "-m", "demonstration.province", "--people", str(people), "--seed", str(self.options.seed)
            )

    def _month(self) -> None:
        month = self.options.month or newest_open_month(self.data)
        if month:
            say("month", month=month)
            self._call("worker", "-m", "dashebao", "month", "run", month)
        elif last := newest_closed_month(self.data):
            say("shown", month=last)
            if not self.options.serve:
                self._call("worker", "-m", "dashebao", "month", "status", last)

    def _serve(self) -> None:
        port = self.options.port
        allow_open_files(2 * CONNECTIONS)
        self._spawn("worker", "-m", "dashebao", "work")
        for command in companions.commands(self.data, "partners"):
            self._spawn("worker", *command)
        self._spawn(
            "web", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
            "--blocking-threads", "16", "--backpressure", str(CONNECTIONS), "--workers-kill-timeout", "10",
            "--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "warning", "dashebao.site.wsgi:application",
        )  # fmt: skip
        self._call("worker", "-m", "dashebao", "welcome", "--port", str(port))
        say("serve", address=f"http://127.0.0.1:{port}/")
        while True:
            time.sleep(0.5)
            self._revive()

    def _revive(self) -> None:
        """Start again what has ended, PostgreSQL first; StepFailed where a process does not stay up."""
        if not (database_url() or self.cluster.alive() or self.cluster.running()) and not self._revive_database():
            return
        for child in self.children:
            if child.process.poll() is None:
                continue
            child.falls = child.falls + 1 if time.monotonic() - child.began < SETTLED_SECONDS else 1
            if child.falls >= FALLS:
                raise StepFailed(child.process.returncode or 1)
            say("again", what=" ".join(child.arguments[:3]))
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)  # what it has left behind
            child.process, child.began = self._start(child.role, child.arguments), time.monotonic()

    def _revive_database(self) -> bool:
        """Start PostgreSQL again; where it cannot (its disk is full, say) that is told and tried again later."""
        say("again", what="PostgreSQL")
        try:
            self.cluster.start()
        except PostgresFailed as failure:
            print(failure, file=sys.stderr, flush=True)
            time.sleep(DATABASE_PAUSE)
            return False
        return True

    def _call(self, role: str, *arguments: str) -> None:
        done = subprocess.run([sys.executable, *arguments], env=self._env(role), cwd=ROOT)  # noqa: S603
        if done.returncode:
            raise StepFailed(done.returncode)

    def _spawn(self, role: str, *arguments: str) -> None:
        self.children.append(Child(role, arguments, self._start(role, arguments), time.monotonic()))

    def _start(self, role: str, arguments: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, *arguments], env=self._env(role), cwd=ROOT, start_new_session=True)  # noqa: S603

    def _env(self, role: str) -> dict[str, str]:
        return {**self.environment, "DASHEBAO_ROLE": role}

    def _stop_children(self) -> None:
        for child in reversed(self.children):
            companions.stop(child.process)


def allow_open_files(wanted: int) -> None:
    """Let this process and those it starts open so many files and connections, as far as the system lets them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


class StepFailed(Exception):
    """A program that bin/up called ended with an error."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


def version_of_the_program() -> str:
    """Digest of every file of the program, of the locked dependencies and of the database's address."""
    digest = hashlib.sha256(database_url().encode() + (ROOT / "requirements" / "run.lock").read_bytes())
    for path in sorted((ROOT / "dashebao").rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".mo"):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def newest_open_month(data: Path) -> str:
    """The month after the last closed one, as yyyy-mm; empty where that month has not begun yet."""
    path = data / "open_month"
    if not path.exists():
        return ""
    month = path.read_text().strip()
    today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m")
    return month if month <= max(today, (data / "first_month").read_text().strip()) else ""


def newest_closed_month(data: Path) -> str:
    """The month before the open one, as yyyy-mm; empty where no month was run."""
    path = data / "open_month"
    if not path.exists() or path.read_text() == (data / "first_month").read_text():
        return ""
    opened = datetime.date.fromisoformat(f"{path.read_text().strip()}-01")
    return (opened - datetime.timedelta(days=1)).strftime("%Y-%m")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of bin/up."""
    parser = argparse.ArgumentParser(prog="bin/up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
    parser.add_argument(
        "--data", default=os.environ.get("DASHEBAO_DATA", str(ROOT / ".data")), help="data folder (.data)"
    )
    parser.add_argument("--people", type=int, default=20_000, help="people of the demonstration province (20000)")
    parser.add_argument("--seed", type=int, default=44, help="seed of the demonstration province (44)")
    parser.add_argument("--month", metavar="YYYY-MM", help="month to run (the newest open one)")
    parser.add_argument("--empty", action="store_true", help="no demonstration province")
    parser.add_argument("--no-month", dest="run_month", action="store_false", help="do not run the month")
    parser.add_argument("--no-serve", dest="serve", action="store_false", help="do the job, print the summary, exit")
    options = parser.parse_args(arguments)
    if options.people < 100:
        parser.error("--people must be at least 100")
    if options.month:
        try:
            datetime.datetime.strptime(options.month, "%Y-%m").replace(tzinfo=datetime.UTC)
        except ValueError:
            parser.error(say("month_form", month=options.month))
    if options.serve and free_port(options.port) != options.port:
        parser.error(say("port", port=options.port))
    return options


def main() -> int:
    """Entry point: stops everything it started on Ctrl-C or SIGTERM."""
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background job would ignore it
    try:
        return Up(options).run()
    except KeyboardInterrupt:
        return 0
    except PostgresFailed as failure:
        print(failure, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
