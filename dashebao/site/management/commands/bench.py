"""`dashebao bench NAME`: one benchmark of `benchmarks/`, in a process of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dashebao.site.commands import Command, CommandError

ROOT = Path(__file__).parents[4]


class Command(Command):  # type: ignore[no-redef]
    help = "Measure one part beside its baseline; exit code 4 where the reach is missed. Needs the source folder."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="rules-batch, rules-single, pages")
        parser.add_argument("--size", type=int, default=0, help="one size instead of the usual ones")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, name: str, size: int, as_json: bool, **options: Any) -> None:
        if not (ROOT / "benchmarks").is_dir():
            raise CommandError(_("The benchmarks are not part of this installation; run them from the source folder."))
        command = [sys.executable, "-m", "benchmarks", name, "--size", str(size), *(["--json"] if as_json else [])]
        self.leave(subprocess.run(command, cwd=ROOT).returncode)  # noqa: S603
