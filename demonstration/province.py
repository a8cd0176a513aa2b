"""Makes the demonstration province: `python -m demonstration.province --people N --seed S`."""

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

FIRST_MONTH = 202611  # the first month to be run; history ends the month before


@contextmanager
def told(what: str) -> Iterator[None]:
    """Print how long a part took."""
    begun = time.monotonic()
    yield
    print(f"  {what:<28} {time.monotonic() - begun:6.1f} s", flush=True)


def main() -> int:
    """Fill an empty installation; does nothing but say so where people are there already."""
    parser = argparse.ArgumentParser(prog="python -m demonstration.province", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=44)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
    os.environ["DASHEBAO_ROLE"] = "owner"
    django.setup()
    from django.conf import settings  # noqa: PLC0415  the settings are chosen above

    from dashebao.kernel.registry.api import Person  # noqa: PLC0415
    from demonstration.building import build  # noqa: PLC0415

    if Person.objects.exists():
        print("There are people already; the demonstration is made in an empty installation only.", file=sys.stderr)
        return 2
    password = "Demo-" + secrets.token_hex(4)
    accounts = build(options.people, options.seed, FIRST_MONTH, password)
    write_story(settings.DATA, options, password, accounts)
    return 0


def write_story(data: Path, options: argparse.Namespace, password: str, accounts: list[dict[str, str]]) -> None:
    """Leave what bin/up and the tests need to know in the data folder."""
    story = {
        "people": options.people,
        "seed": options.seed,
        "first_month": FIRST_MONTH,
        "password": password,
        "accounts": accounts,
        "companions": {
            "partners": [["-m", "demonstration.partners", "{data}"]],
            "officers": [["-m", "demonstration.officers"]],
            "acts": [["-m", "demonstration.acts"]],
        },
    }
    month = f"{FIRST_MONTH // 100}-{FIRST_MONTH % 100:02d}"
    (data / "first_month").write_text(month)
    (data / "open_month").write_text(month)
    (data / "demonstration.json").write_text(json.dumps(story, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
