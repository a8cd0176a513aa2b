"""`dashebao bench NAME`: one benchmark of `benchmarks/` or all of them, in a process of their own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dashebao.site.commands import Command, CommandError

ROOT = Path(__file__).parents[4]


class Command(Command):  # type: ignore[no-redef]
    help = "Measure one part beside its baseline; exit code 4 where the reach is missed, 5 where a program is missing. Needs the source folder."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="all, or one of those in benchmarks/README.md")
        parser.add_argument("--size", default="", help="sizes instead of the usual ones, separated by commas")
        parser.add_argument(
            "--scale", type=float, default=1.0, help="part of the usual sizes, e.g. 0.1 on a busy machine"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--write", action="store_true", help="write docs/operations/measurements.md")
        parser.add_argument("--install", action="store_true", help="first install what scale-out needs (490 MB)")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        if not (ROOT / "benchmarks").is_dir():
            raise CommandError(_("The benchmarks are not part of this installation; run them from the source folder."))
        command = [
            sys.executable,
            "-m",
            "benchmarks",
            name,
            "--size",
            options["size"],
            "--scale",
            str(options["scale"]),
        ]
        command += [
            flag
            for flag, wanted in (("--json", "as_json"), ("--write", "write"), ("--install", "install"))
            if options[wanted]
        ]
        self.leave(subprocess.run(command, cwd=ROOT).returncode)  # noqa: S603
