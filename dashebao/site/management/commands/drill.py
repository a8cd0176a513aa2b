"""`dashebao drill NAME`: one fault drill of `drills/`, or all, in a process of its own on copies of a small province."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dashebao.site.commands import Command, CommandError

ROOT = Path(__file__).parents[4]


class Command(Command):  # type: ignore[no-redef]
    help = "Break a copy of a small province on purpose; exit code 1 where a claim fails or a control is not seen."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="list, all, or a name from the list")
        parser.add_argument("--seed", type=int, help="break the same things again")
        parser.add_argument("--small", action="store_true", help="the size for continuous integration")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, name: str, seed: int | None, small: bool, as_json: bool, **options: Any) -> None:
        if not (ROOT / "drills").is_dir():
            raise CommandError(_("The drills are not part of this installation; run them from the source folder."))
        command = [sys.executable, "-m", "drills", name, *(["--seed", str(seed)] if seed is not None else [])]
        command += ["--small"] * small + ["--json"] * as_json
        self.leave(subprocess.run(command, cwd=ROOT).returncode)  # noqa: S603
