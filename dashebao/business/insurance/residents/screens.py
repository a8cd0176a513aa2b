"""What the residents' pension shows on a person's page: the membership, and the years paid or still to be collected."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.residents.assessing import waiting_years
from dashebao.business.insurance.residents.queries import SCHEME, memberships_of, memberships_then, payments_of
from dashebao.kernel.registry.api import region_name
from dashebao.platform.screens.api import (
    Ask,
    Column,
    Face,
    Fact,
    Facts,
    Panel,
    Subject,
    Table,
    Tag,
    register_panel,
)

BOTH = frozenset({Face.COUNTER, Face.PORTAL})


def membership_panel(ask: Ask) -> Facts | None:
    """The newest membership, in the state of the day asked for."""
    found = memberships_then(ask.subject_id, ask.known_at) if ask.past else memberships_of(ask.subject_id)
    row = next((one for one in found if one.enrolled_on <= ask.on or not ask.past), None)
    if row is None:
        return None
    ended = row.ended_on is not None and (row.ended_on <= ask.on or not ask.past)
    facts = [
        Fact(pgettext("residents' membership", "State"), Tag(_("Ended")) if ended else Tag(_("Enrolled"), "ok"), "tag"),
        Fact(_("Enrolled on"), row.enrolled_on, "date"),
        Fact(_("Place"), region_name(row.region_code)),
        Fact(_("Yearly tier (yuan)"), row.tier_fen, "money"),
    ]
    if row.linked_months:
        facts.append(Fact(_("Months of the employees' scheme that count"), row.linked_months, "number"))
    if not ask.past:
        held = balances_of(ask.subject_id, row.region_code, SCHEME)
        facts.append(Fact(_("Personal account (yuan)"), held.total, "money"))
    if ended:
        facts.append(Fact(_("Ended on"), row.ended_on, "date"))
    return Facts(facts, columns=3)


def years_panel(ask: Ask) -> Table | None:
    """Years paid until the day asked for, newest first; today also those the tax office has still to collect."""
    until = min(ask.on, ask.known_on)
    rows = [
        [row.for_year, row.tier_fen, None, None, Tag(_("At the tax office"), "info")]
        for row in (() if ask.past else waiting_years(ask.subject_id))
    ]
    rows += [
        [row.for_year, row.tier_fen, row.subsidy_fen, row.paid_on, Tag(pgettext("a resident's year", "Paid"), "ok")]
        for row in payments_of(ask.subject_id)
        if row.paid_on <= until or not ask.past
    ]
    if not rows:
        return None
    columns = [
        Column(_("Year")),
        Column(_("Paid by the resident (yuan)"), "money"),
        Column(_("Subsidy (yuan)"), "money"),
        Column(pgettext("a resident's year", "Paid on"), "date"),
        Column(pgettext("residents' membership", "State"), "tag"),
    ]
    return Table(columns, rows)


register_panel(
    Panel(
        code="residents.membership",
        subject=Subject.PERSON,
        title=gettext_lazy("Residents' pension"),
        provide=membership_panel,
        faces=BOTH,
        icon="house",
        order=16,
        as_known=True,
    )
)
register_panel(
    Panel(
        code="residents.years",
        subject=Subject.PERSON,
        title=gettext_lazy("Years paid to the residents' pension"),
        provide=years_panel,
        faces=BOTH,
        icon="calendar-check",
        order=26,
        as_known=True,
    )
)
