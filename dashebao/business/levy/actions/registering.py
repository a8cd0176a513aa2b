"""Registration of units: opening, changing, closing, injury class and float."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from dashebao.business.levy.errors import ArrearsOpen, LevyRefused, NotRegistered
from dashebao.business.levy.models import Enrolment, UnitInjuryRate, UnitRegistration
from dashebao.business.levy.queries.arrears import owed_by
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.business.levy.schemes import numbers
from dashebao.kernel.legal_time.api import first_day_of, month_of
from dashebao.kernel.records.api import audit


@dataclass(frozen=True)
class UnitEntry:
    """What a unit registers with. `float_percent` 100 = the base rate of its injury class."""

    unit_id: int
    region_code: str
    unit_kind: str
    schemes: tuple[str, ...]
    risk_class: int
    registered_on: date
    float_percent: int = 100
    debit_bank_code: str = ""
    debit_account: str = ""
    debit_agreement: str = ""
    case_no: str = ""


def register_unit(entry: UnitEntry) -> UnitRegistration:
    """Register a unit (社会保险法 57); LevyRefused if it already is."""
    if registration_of(entry.unit_id):
        raise LevyRefused(_("The unit is already registered. Use the change of registration instead."))
    registration: UnitRegistration = UnitRegistration.objects.create(
        unit_id=entry.unit_id,
        region_code=entry.region_code,
        unit_kind=entry.unit_kind,
        schemes=numbers(list(entry.schemes)),
        debit_bank_code=entry.debit_bank_code,
        debit_account=entry.debit_account,
        debit_agreement=entry.debit_agreement,
        registered_on=entry.registered_on,
        case_no=entry.case_no,
    )
    since = first_day_of(month_of(entry.registered_on))
    _open_injury_rate(registration, entry.risk_class, entry.float_percent, since, _("Registration"))
    audit("levy.unit_registered", registration, schemes=list(entry.schemes), risk_class=entry.risk_class)
    return registration


def change_unit(unit_id: int, changes: dict[str, str], *, case_no: str = "") -> UnitRegistration:
    """Change kind, region or debit account of a registered unit; other names raise LevyRefused."""
    registration = _registered(unit_id)
    known = {"unit_kind", "region_code", "debit_bank_code", "debit_account", "debit_agreement"}
    if not changes or set(changes) - known:
        raise LevyRefused(_("Nothing that can be changed was given."))
    before = {name: getattr(registration, name) for name in changes}
    for name, value in changes.items():
        setattr(registration, name, value)
    registration.case_no = case_no
    registration.save(update_fields=[*changes, "case_no"])
    audit("levy.unit_changed", registration, before=before, after=changes)
    return registration


def set_injury_rate(unit_id: int, risk_class: int, float_percent: int, from_month: int, *, reason: str = "") -> None:
    """Give a unit another injury class or float from a month on (工伤保险条例 8; steps are checked by the caller's rule)."""
    registration = _registered(unit_id)
    day = first_day_of(from_month)
    for row in UnitInjuryRate.objects.filter(unit_id=unit_id, valid_during__overlap=(day, None)):
        if row.valid_during.lower and row.valid_during.lower >= day:
            row.delete()
        else:
            row.valid_during = DateRange(row.valid_during.lower, day)
            row.save(update_fields=["valid_during"])
    _open_injury_rate(registration, risk_class, float_percent, day, reason)
    audit("levy.injury_rate_set", registration, risk_class=risk_class, float_percent=float_percent, month=from_month)


def close_unit(unit_id: int, on: date, *, case_no: str = "") -> UnitRegistration:
    """Close a unit's registration; arrears and staff must be settled first (社会保险经办条例 10)."""
    registration = _registered(unit_id)
    owed = owed_by(unit_id, on=on)
    if owed:
        raise ArrearsOpen(
            _("The unit still owes %(amount).2f yuan. It must pay before it can close.") % {"amount": owed / 100}
        )
    if Enrolment.objects.filter(unit_id=unit_id, valid_during__endswith__isnull=True).exists():
        raise LevyRefused(_("The unit still has enrolled staff. Remove them first."))
    registration.closed_on, registration.case_no = on, case_no
    registration.save(update_fields=["closed_on", "case_no"])
    with connection.cursor() as cursor:
        cursor.execute(
            "update levy_unitinjuryrate set valid_during = daterange(lower(valid_during), %s)"
            " where unit_id = %s and valid_during @> %s::date and lower(valid_during) < %s::date",
            [on, unit_id, on, on],
        )
    audit("levy.unit_closed", registration, on=on.isoformat())
    return registration


def _registered(unit_id: int) -> UnitRegistration:
    found = registration_of(unit_id)
    if not found:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    return found


def _open_injury_rate(
    registration: UnitRegistration, risk_class: int, float_percent: int, since: date, reason: str
) -> None:
    UnitInjuryRate.objects.create(
        unit_id=registration.unit_id,
        region_code=registration.region_code,
        risk_class=risk_class,
        float_percent=float_percent,
        valid_during=DateRange(since, None),
        reason=reason,
    )
