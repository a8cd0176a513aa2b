"""The command-line program: `python -m dashebao COMMAND …` (through bin/dashebao)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashebao.site.environment import database_url
from dashebao.site.postgres import Cluster

OWNER = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "setup", "shell", "dbshell", "flush"}
WITHOUT_DATABASE = {"help", "--help", "-h", "--version", "rules", "check", "makemigrations", "welcome"}
FIRST = ("--data", "--lang")  # options of the program itself, before the command


@contextmanager
def database_for(command: str, data: Path) -> Iterator[None]:
    """Start the embedded PostgreSQL for the length of a command where it exists and does not run."""
    cluster = Cluster(data.resolve())
    if command in WITHOUT_DATABASE or database_url() or cluster.running():
        yield
        return
    if not (cluster.folder / "PG_VERSION").exists():
        sys.exit(f"There is no installation in {data}; run bin/up first. {data} 中没有安装数据，请先运行 bin/up。")
    cluster.start()
    try:
        yield
    finally:
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

    if {"--help", "-h"} & set(arguments):
        command = "help"
    with database_for(command, Path(os.environ.get("DASHEBAO_DATA", Path(__file__).resolve().parents[1] / ".data"))):
        execute(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
