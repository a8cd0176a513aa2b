"""What the demonstration's people and units do before a month is run: python -m demonstration.acts YYYY-MM."""

import argparse
import os
import sys

import django


def main() -> int:
    """Act for one month; safe to call again."""
    parser = argparse.ArgumentParser(prog="python -m demonstration.acts", description=__doc__)
    parser.add_argument("month", help="YYYY-MM")
    month = int(parser.parse_args().month.replace("-", ""))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
    os.environ.setdefault("DASHEBAO_ROLE", "worker")
    django.setup()
    from demonstration.living import live  # noqa: PLC0415  needs the settings

    live(month)
    return 0


if __name__ == "__main__":
    sys.exit(main())
