"""What every command shares: language, JSON output, exit codes."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.core.management import execute_from_command_line
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

WAITING = 3  # exit code of a job that waits for an outside answer or a person
DIFFERENCES = 4  # exit code of a check that found something


def execute(arguments: list[str]) -> None:
    """Run one command in the language of DASHEBAO_LANG or LANG."""
    django.setup()
    translation.activate(language())
    execute_from_command_line(["dashebao", *arguments])


def language() -> str:
    """`en` or `zh-hans`: --lang first, then the terminal's LANG; Chinese where neither says."""
    wanted = os.environ.get("DASHEBAO_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if wanted.lower().startswith(("en", "c.", "posix")) or wanted == "C" else "zh-hans"


def published_seals(path: Path | None) -> list[tuple[str, int, str]]:
    """The seals of a file that `audit seal --json`, `ledger seal --json` or a backup wrote; none without a file."""
    try:
        found = json.loads(path.read_text())["seals"] if path else []
        return [(str(log), int(number), bytes.fromhex(chain).hex()) for log, number, chain in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(_("There are no seals in %(path)s.") % {"path": path}) from error


class Command(BaseCommand):
    """Base of our commands: subclasses add sub-commands in `add_arguments` and print through `show`."""

    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.prog = f"dashebao {subcommand}"
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        with translation.override(language()):
            return super().execute(*args, **options)

    def show(self, text: str, data: Any, as_json: bool) -> None:
        """Print `data` as JSON where asked for, else `text`."""
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) if as_json else text)

    def leave(self, code: int) -> None:
        """End with an exit code after flushing what was printed."""
        self.stdout.flush()
        sys.exit(code)


__all__ = ["DIFFERENCES", "WAITING", "Command", "CommandError", "execute", "language", "published_seals"]
