"""The command-line program: `python -m dashebao COMMAND …` (through bin/dashebao)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashebao.site.environment import database_url
from dashebao.site.postgres import Cluster

OWNER = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "setup", "shell", "dbshell", "flush", "keys"}
WITHOUT_DATABASE = {"help", "--help", "-h", "--version", "check", "makemigrations", "welcome", "drill"}
WITHOUT_DATABASE |= {"backup", "standby"}  # these start and stop PostgreSQL themselves
FIRST = ("--data", "--lang")  # options of the program itself, before the command


def reads_approved_law(arguments: list[str]) -> bool:
    """Whether a `rules` command wants the changes approved in the database, where one is there."""
    what = arguments[1] if len(arguments) > 1 else ""
    return "--approved" in arguments or (what in {"explain", "parameters"} and "--files-only" not in arguments)


@contextmanager
def database_for(arguments: list[str], data: Path) -> Iterator[None]:
    """Start the embedded PostgreSQL for the length of a command where it exists and does not run."""
    command, cluster = arguments[0], Cluster(data.resolve())
    installed = (cluster.folder / "PG_VERSION").exists()
    unused = command in WITHOUT_DATABASE or (command == "rules" and not (installed and reads_approved_law(arguments)))
    if unused or database_url() or cluster.running():
        yield
        return
    if not installed:
        sys.exit(f"There is no installation in {data}; run bin/up first. {data} 中没有安装数据，请先运行 bin/up。")
    started = cluster.start()
    try:
        yield
    finally:
        if started:
            cluster.stop_when_unused()


def main(arguments: list[str]) -> None:
    """Take --data and --lang, choose the database login for the command and hand over to Django."""
    arguments = list(arguments)
    taken: dict[str, str] = {}
    while arguments and arguments[0].split("=")[0] in FIRST:
        name, _, value = arguments.pop(0).partition("=")
        if not value:
            if not arguments:
                sys.exit(f"{name}: a value is missing")
            value = arguments.pop(0)
        taken[name] = value
    if "--data" in taken:
        os.environ["DASHEBAO_DATA"] = str(Path(taken["--data"]).resolve())
    if "--lang" in taken:
        os.environ["DASHEBAO_LANG"] = taken["--lang"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
    command = arguments[0] if arguments else "help"
    os.environ.setdefault("DASHEBAO_ROLE", "owner" if command in OWNER else "worker")
    from dashebao.site.commands import execute  # noqa: PLC0415  the data folder must be chosen first

    asked_for_help = not arguments or {"--help", "-h"} & set(arguments)
    data = Path(os.environ.get("DASHEBAO_DATA", Path(__file__).resolve().parents[1] / ".data"))
    with database_for(["help"] if asked_for_help else arguments, data):
        execute(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
