"""Writes of the residents' pension: enrol, receive a year's payment with its subsidy, award."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.fund.api import Entry, claim_subsidy, first_open_month, post_entry
from dashebao.business.insurance.common.api import (
    BenefitError,
    Grant,
    Movement,
    Part,
    grant_benefit,
    live_benefit,
    move,
)
from dashebao.business.insurance.residents.models import ResidentAward, ResidentEnrolment, YearPayment
from dashebao.business.insurance.residents.queries import (
    SCHEME,
    active_enrolment,
    first_pension_month,
    resident_sheet,
    subsidy_fen,
    tiers,
)
from dashebao.kernel.legal_time.api import add_months, month_of
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit
from dashebao.kernel.registry.api import Person, person


class ResidentsError(BenefitError):
    """A residents' pension act is not possible; the message says why and what to do."""


@dataclass(frozen=True)
class Enrolling:
    """A resident to be enrolled: who, since when, which yearly tier was chosen."""

    person_id: int
    enrolled_on: date
    tier_fen: int
    case_no: str = ""


def enrol_resident(enrolling: Enrolling, *, by: Actor) -> int:
    """Enrol a resident; returns the enrolment's id. Raises ResidentsError below 16, if enrolled or on a pension."""
    human = person(enrolling.person_id)
    with acting(by, why="enrol resident"):
        if active_enrolment(human.id) is not None:
            raise ResidentsError(_("This person is already enrolled in the residents' pension."))
        if live_benefit(human.id) is not None:
            raise ResidentsError(_("This person already receives a pension and cannot be enrolled."))
        if add_months(human.birth_on, 16 * 12) > enrolling.enrolled_on:
            raise ResidentsError(_("Enrolment is possible from the age of 16."))
        row = ResidentEnrolment.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            enrolled_on=enrolling.enrolled_on,
            tier_fen=enrolling.tier_fen,
            case_no=enrolling.case_no,
        )
        audit("residents.enrolled", row, person=human.id, tier_fen=enrolling.tier_fen)
        return int(row.pk)


@dataclass(frozen=True)
class YearReceipt:
    """A year's payment as received: whose, for which year, which tier, when, on which receipt, with collective aid."""

    person_id: int
    for_year: int
    tier_fen: int
    paid_on: date
    receipt_no: str
    collective_fen: int = 0


def must_be_payable(human: Person, for_year: int, tier_fen: int, on: date) -> None:
    """Raise ResidentsError if the person is not enrolled, the tier does not exist on that day, or the year is paid."""
    if active_enrolment(human.id) is None:
        raise ResidentsError(_("This person is not enrolled in the residents' pension; enrol first."))
    if tier_fen not in tiers(human.region_code, on):
        raise ResidentsError(_("This amount is not one of the yearly tiers of the place."))
    if YearPayment.objects.filter(person_id=human.id, for_year=for_year).exists():
        raise ResidentsError(_("This year has been paid already."))


def receive_year(receipt: YearReceipt, *, by: Actor) -> int:
    """Book a year's payment: the account grows by payment, aid and subsidy; the subsidy is claimed. Returns its id.

    Raises ResidentsError if the person is not enrolled, the tier does not exist, or the year is paid already.
    """
    human = person(receipt.person_id)
    with acting(by, why=f"residents' payment {receipt.receipt_no}"):
        must_be_payable(human, receipt.for_year, receipt.tier_fen, receipt.paid_on)
        subsidy = subsidy_fen(human.region_code, receipt.tier_fen, receipt.paid_on)
        row = YearPayment.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            for_year=receipt.for_year,
            paid_on=receipt.paid_on,
            month=month_of(receipt.paid_on),
            tier_fen=receipt.tier_fen,
            subsidy_fen=subsidy,
            collective_fen=receipt.collective_fen,
            receipt_no=receipt.receipt_no,
        )
        _book(row, receipt)
        audit("residents.year_paid", row, person=human.id, tier_fen=receipt.tier_fen, subsidy_fen=subsidy)
        return int(row.pk)


def _book(row: YearPayment, receipt: YearReceipt) -> None:
    key = f"{row.person_id}:{row.for_year}"
    amounts = {
        "residents_at_treasury": (row.tier_fen, "person"),
        "collective_aid": (row.collective_fen, ""),
    }
    month = first_open_month(SCHEME, row.region_code, row.month)
    with acting(SYSTEM, why="residents' payment"):
        for template, (amount, detail) in amounts.items():
            if amount:
                post_entry(Entry(template, month, SCHEME, row.region_code, key, amount, detail))
        if row.subsidy_fen:
            claim_subsidy(SCHEME, row.region_code, f"JB-{key}", row.subsidy_fen, row.paid_on)
    parts = {"worker_principal": row.tier_fen, "employer_principal": row.subsidy_fen + row.collective_fen}
    move(Movement(row.person_id, row.region_code, row.month, "residents.year_paid", key, SCHEME), parts)


@dataclass(frozen=True)
class ResidentClaim:
    """A residents' pension to be awarded: who, on which case and day."""

    person_id: int
    case_no: str
    decided_on: date


def award_resident(claim: ResidentClaim, *, by: Actor) -> int:
    """Award a residents' pension from the month after the pension age; returns the award's id.

    Raises ResidentsError before that age, without enrolment, or if another pension is paid (国发〔2014〕8号 part 7).
    """
    human = person(claim.person_id)
    with acting(by, why=f"award residents' pension {claim.case_no}"):
        enrolment = active_enrolment(human.id)
        if enrolment is None:
            raise ResidentsError(_("This person is not enrolled in the residents' pension; enrol first."))
        if live_benefit(human.id) is not None:
            raise ResidentsError(_("This person already receives a pension."))
        start = max(first_pension_month(human), month_of(enrolment.enrolled_on))
        if start > month_of(add_months(claim.decided_on, 1)):
            raise ResidentsError(_("The pension age has not been reached; claim again in the month of the birthday."))
        sheet = resident_sheet(human.id, start)
        row = ResidentAward.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            case_no=claim.case_no,
            start_month=start,
            paid_years=sheet.paid_years,
            account_balance_fen=sheet.account_balance_fen,
            basic_fen=sheet.basic_fen,
            account_fen=sheet.account_fen,
            monthly_fen=sheet.monthly_fen,
            inputs=sheet.trace["inputs"],
            trace={"sheet": [sheet.trace]},
            parameters_digest=sheet.trace["parameter_digest"],
            law_on=date(start // 100, start % 100, 1),
            decided_on=claim.decided_on,
        )
        parts = (Part("basic", sheet.basic_fen), Part("account", sheet.account_fen))
        grant_benefit(
            Grant(
                person_id=human.id,
                scheme=SCHEME,
                region_code=human.region_code,
                award_id=int(row.pk),
                start_month=start,
                parts=parts,
                qualified_until_on=add_months(claim.decided_on, 12),
                case_no=claim.case_no,
            ),
            by=by,
        )
        audit("residents.awarded", row, person=human.id, monthly_fen=sheet.monthly_fen)
        return int(row.pk)


def end_membership(person_id: int, on: date, reason: str) -> None:
    """End a running membership; nothing happens where there is none. In the caller's transaction."""
    row = active_enrolment(person_id)
    if row is None:
        return
    row.state, row.ended_on, row.end_reason = ResidentEnrolment.State.ENDED, on, reason
    row.save(update_fields=["state", "ended_on", "end_reason"])
    audit("residents.membership_ended", row, person=person_id, reason=str(reason))


def take_linked_years(person_id: int, months: int, on: date) -> None:
    """Count months of the employees' scheme (人社部发〔2014〕17号 art. 6), enrolling who was no member yet."""
    human = person(person_id)
    row = active_enrolment(human.id) or ResidentEnrolment(
        person_id=human.id, region_code=human.region_code, enrolled_on=on
    )
    row.linked_months = row.linked_months + months
    row.save()
    audit("residents.years_linked", row, person=human.id, months=months)
