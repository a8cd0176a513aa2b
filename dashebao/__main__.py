"""The command-line program: `python -m dashebao COMMAND …` (through bin/dashebao)."""

import os
import sys
from pathlib import Path

OWNER = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "setup", "shell", "dbshell", "flush"}
FIRST = ("--data", "--lang")  # options of the program itself, before the command


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
    from dashebao.site.commands import execute  # noqa: PLC0415  the settings must be chosen first

    execute(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
