"""A month of the demonstration's people and units, before it is run: they declare, die, claim, move, link and pay."""

import datetime

from django.conf import settings

from dashebao.site.companions import commands
from demonstration.claiming import claim_pensions
from demonstration.counter_life import live_at_counter
from demonstration.deciding import wait_for_decisions
from demonstration.declaring import declare_month, report_deaths
from demonstration.linking import link_schemes
from demonstration.moving import move_between_provinces
from demonstration.officers import KEY
from demonstration.paying_years import pay_this_year
from demonstration.portal_life import live_at_portal


def live(month: int) -> None:
    """Everything of one month, then wait for the officers if there are some: else chance would say what this month pays.

    Safe to call again, and where it broke off.
    """
    declare_month(month)
    report_deaths(month, datetime.date(month // 100, month % 100, 5))
    claim_pensions(month)
    move_between_provinces(month)
    link_schemes(month)
    pay_this_year(month)
    live_at_portal(month)
    live_at_counter()
    if commands(settings.DATA, "officers"):
        wait_for_decisions(KEY)
