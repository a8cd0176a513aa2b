"""Deferral of payment (缓缴): granted for schemes and months, ended when the time is over or the terms are broken."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.levy.errors import LevyRefused, NotRegistered
from dashebao.business.levy.models import Deferral
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.kernel.records.api import audit


@dataclass(frozen=True)
class Deferring:
    """What is deferred: schemes and billing months, until when, in which instalments ((day, fen), …), on what ground."""

    unit_id: int
    schemes: tuple[str, ...]
    from_month: int
    until_month: int
    valid_until_on: date
    legal_basis: str
    instalments: tuple[tuple[date, int], ...] = ()
    security: str = ""
    case_no: str = ""


def defer(given: Deferring) -> Deferral:
    """Grant a deferral; without a statutory ground it is forbidden (社会保险法 60), so the basis may not be empty."""
    registration = registration_of(given.unit_id)
    if not registration:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    if not given.legal_basis.strip() or not given.schemes or given.from_month > given.until_month:
        raise LevyRefused(_("A deferral needs its legal basis, schemes and months in order."))
    deferral: Deferral = Deferral.objects.create(
        unit_id=given.unit_id,
        region_code=registration.region_code,
        schemes=list(given.schemes),
        from_month=given.from_month,
        until_month=given.until_month,
        valid_until_on=given.valid_until_on,
        instalments=[[day.isoformat(), fen] for day, fen in given.instalments],
        legal_basis=given.legal_basis,
        security=given.security,
        case_no=given.case_no,
    )
    audit("levy.deferral_granted", deferral, schemes=list(given.schemes), until=given.valid_until_on.isoformat())
    return deferral


def end_deferral(deferral_id: int, on: date, *, reason: str) -> Deferral:
    """End a deferral before its time; what is unpaid carries late fee from its own due day again."""
    deferral: Deferral = Deferral.objects.select_for_update().get(pk=deferral_id)
    if deferral.ended_on:
        raise LevyRefused(_("The deferral has ended already."))
    deferral.ended_on = on
    deferral.save(update_fields=["ended_on"])
    audit("levy.deferral_ended", deferral, on=on.isoformat(), reason=reason)
    return deferral
