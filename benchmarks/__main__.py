"""`dashebao bench NAME [--json]`: runs one benchmark on the data folder and says whether its reach is met."""

import argparse
import json
import os
import sys

import django

NAMES = ("rules-batch", "rules-single", "pages")


def main(arguments: list[str]) -> int:
    """Print the figures; exit code 4 where a reach is missed."""
    parser = argparse.ArgumentParser(prog="dashebao bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--size", type=int, default=0, help="one size instead of the usual ones")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
    django.setup()
    figures = job(options.name)(options.size)
    if options.as_json:
        print(json.dumps([f.told() for f in figures], ensure_ascii=False, indent=2))
    else:
        for f in figures:
            print(
                f"{f.name:<32} {f.size:>11,}  ours {f.ours:>14,.2f} {f.unit:<9} baseline {f.baseline:>14,.2f}"
                f"  ratio {f.ratio:6.2f}  reach {'≥' if f.at_least else '≤'} {f.reach:g}"
                f"  {'met' if f.met else 'MISSED'}  {f.detail}"
            )
    return 0 if all(f.met for f in figures) else 4


def job(name: str):
    """The function of a benchmark; imported when asked for, as each loads the parts it measures."""
    module = __import__(f"benchmarks.{name.replace('-', '_')}", fromlist=["run"])
    return module.run


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
