"""`dashebao bench NAME [--json]`: runs one benchmark, or all of them, and says whether each reach is met."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module

import django

from benchmarks.measuring import Figures
from benchmarks.scale_environment import Missing, found, install
from benchmarks.scratch import installation
from benchmarks.writing import write

RULES = ("rules-batch", "rules-single")
SCRATCH = ("interest-year", "pension-run", "declare-import", "settle-copy", "post-online", "case-online")
CLUSTER = ("scale-out",)
PROVINCE = ("pages",)
NAMES = (*RULES, *SCRATCH, *CLUSTER, *PROVINCE)
ALL = "all"
MISSED = 4  # exit codes: a reach was missed or a result wrong; what a benchmark needs is not here
NOT_HERE = 5


def main(arguments: list[str]) -> int:
    """Print the figures; exit code 4 where a reach is missed, 5 where a program that is needed is missing."""
    parser = argparse.ArgumentParser(prog="dashebao bench", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, ALL))
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--size", default="", help="sizes instead of the usual ones, separated by commas")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the usual sizes, e.g. 0.1 on a busy machine")
    parser.add_argument("--write", action="store_true", help="write docs/operations/measurements.md")
    parser.add_argument("--install", action="store_true", help="first install what scale-out needs (490 MB)")
    options = parser.parse_args(arguments)
    try:
        if options.install:
            install()
        names = _wanted(options.name)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return NOT_HERE
    sizes = [int(size) for size in options.size.split(",") if size]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
    with ExitStack() as stack:
        if set(names) & set(SCRATCH):
            stack.enter_context(installation())
        django.setup()
        figures = [f for name in names for f in measure(name, sizes, options.scale)]
    if options.write:
        write(figures)
    if options.as_json:
        told = [f.told() for f in figures]
        print(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2))
    else:
        for f in figures:
            print(f.as_line())
    return 0 if all(f.met for f in figures) else MISSED


def _wanted(name: str) -> list[str]:
    """The benchmarks of one name; of all, those left out that look at a province or lack their programs.

    Raises Missing where the one that was named lacks a program.
    """
    if name != ALL:
        if name in CLUSTER:
            found()
        return [name]
    names = [*RULES, *SCRATCH, *CLUSTER]
    try:
        found()
    except Missing as missing:
        print(missing, file=sys.stderr)
        names = [*RULES, *SCRATCH]
    return names


def measure(name: str, sizes: Sequence[int] = (), scale: float = 1.0) -> list[Figures]:
    """The figures of one benchmark; its module is imported when asked for, as each loads the parts it measures."""
    found = import_module(f"benchmarks.{name.replace('-', '_')}")
    wanted = sizes or [max(1, round(size * scale)) for size in found.SIZES]
    figures: list[Figures] = found.run(wanted)
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
