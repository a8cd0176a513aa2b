"""What the demonstration's people and units do before a month is run: they declare, die and claim their pensions."""

import argparse
import datetime
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
    from demonstration.claiming import claim_pensions  # noqa: PLC0415  needs the settings
    from demonstration.counter_life import live_at_counter  # noqa: PLC0415
    from demonstration.declaring import declare_month, report_deaths  # noqa: PLC0415
    from demonstration.linking import link_schemes  # noqa: PLC0415
    from demonstration.moving import move_between_provinces  # noqa: PLC0415
    from demonstration.paying_years import pay_this_year  # noqa: PLC0415
    from demonstration.portal_life import live_at_portal  # noqa: PLC0415

    declare_month(month)
    report_deaths(month, datetime.date(month // 100, month % 100, 5))
    claim_pensions(month)
    move_between_provinces(month)
    link_schemes(month)
    pay_this_year(month)
    live_at_portal(month)
    live_at_counter()
    return 0


if __name__ == "__main__":
    sys.exit(main())
