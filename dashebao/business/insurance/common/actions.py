"""Writes on one running benefit: grant, suspend, resume, end, prove the qualification, owe an amount once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.models import (
    LOST_MONTHS,
    Benefit,
    BenefitComponent,
    BenefitState,
    Due,
    Qualification,
    StopReason,
    Suspension,
)
from dashebao.kernel.legal_time.api import month_of, month_plus
from dashebao.kernel.records.api import Actor, acting, audit


class BenefitError(Exception):
    """A benefit cannot be changed in the way asked; the message tells the officer why and what to do."""


@dataclass(frozen=True)
class Part:
    """One component of a monthly amount; kind "account" is the part the personal account bears first."""

    kind: str
    amount_fen: int


@dataclass(frozen=True)
class Grant:
    """A benefit to be started: whose, under which scheme and award, from which month, in which parts."""

    person_id: int
    scheme: str
    region_code: str
    award_id: int
    start_month: int
    parts: tuple[Part, ...]
    qualified_until_on: date | None
    case_no: str = ""
    kind: str = "pension"
    until_month: int | None = None


@dataclass(frozen=True)
class Stop:
    """An interruption: why, from which month payments are withheld, on which case or note."""

    reason: StopReason
    from_month: int
    case_no: str = ""
    note: str = ""

    @property
    def lost(self) -> bool:
        """True if the months withheld are not paid later."""
        return self.reason in LOST_MONTHS


@dataclass(frozen=True)
class OutsideAccount:
    """The bank account of a payee that is no person of the registry: another province's fund."""

    bank_code: str
    number: str
    name: str


@dataclass(frozen=True)
class Owed:
    """An amount owed once; `month` is the month it belongs to, `payee_person_id` whose bank account receives it.

    With `account` the payee stands outside the registry and `payee_person_id` is 0.
    """

    person_id: int
    payee_person_id: int
    region_code: str
    scheme: str
    benefit_kind: str
    month: int
    amount_fen: int
    source: str
    seq: int = 1
    account: OutsideAccount | None = None


def grant_benefit(grant: Grant, *, by: Actor) -> int:
    """Start a monthly benefit; it is paid from the next run on, with arrears from its start month.

    Returns the benefit's id. Raises BenefitError if the person already has a live benefit of this kind.
    """
    with acting(by, why=f"grant {grant.scheme} benefit"):
        if Benefit.objects.filter(person_id=grant.person_id, kind=grant.kind).exclude(state="ended").exists():
            raise BenefitError(
                _("This person already receives a pension. End the running one before granting another.")
            )
        benefit = Benefit.objects.create(
            person_id=grant.person_id,
            scheme=grant.scheme,
            kind=grant.kind,
            region_code=grant.region_code,
            award_id=grant.award_id,
            case_no=grant.case_no,
            state=BenefitState.GRANTED,
            start_month=grant.start_month,
            monthly_fen=sum(part.amount_fen for part in grant.parts),
            account_fen=sum(part.amount_fen for part in grant.parts if part.kind == "account"),
            arrears_from_month=grant.start_month,
            qualified_until_on=grant.qualified_until_on,
            until_month=grant.until_month,
        )
        BenefitComponent.objects.bulk_create(
            BenefitComponent(
                benefit=benefit,
                person_id=grant.person_id,
                region_code=grant.region_code,
                kind=part.kind,
                from_month=grant.start_month,
                amount_fen=part.amount_fen,
                source=f"award:{grant.award_id}",
            )
            for part in grant.parts
        )
        audit(
            "benefit.granted", benefit, region=grant.region_code, scheme=grant.scheme, monthly_fen=benefit.monthly_fen
        )
        return int(benefit.pk)


def _live(benefit_id: int) -> Benefit:
    benefit: Benefit = Benefit.objects.select_for_update().get(pk=benefit_id)
    if benefit.state == BenefitState.ENDED:
        raise BenefitError(_("This benefit has already ended."))
    return benefit


def paid_through(person_id: int, scheme: str, kind: str = "pension") -> int:
    """The last month (yyyymm) for which this person already has a payment line of this benefit, 0 if none."""
    months = [
        line.month for line in lines_of(person_id, scheme) if line.benefit_kind == kind and line.state != "withdrawn"
    ]
    return max(months, default=0)


def suspend_benefit(benefit_id: int, stop: Stop, *, by: Actor) -> int:
    """Withhold payments from `stop.from_month` on; returns the suspension's id. BenefitError if already suspended."""
    with acting(by, why=f"suspend benefit: {stop.reason}"):
        benefit = _live(benefit_id)
        if benefit.state == BenefitState.SUSPENDED:
            raise BenefitError(_("Payment is already suspended. Resume it first, or change the running suspension."))
        suspension = Suspension.objects.create(
            benefit=benefit,
            person_id=benefit.person_id,
            region_code=benefit.region_code,
            reason=stop.reason,
            months_lost=stop.lost,
            from_month=max(stop.from_month, benefit.start_month),
            case_no=stop.case_no,
            note=stop.note,
        )
        benefit.state = BenefitState.SUSPENDED
        if benefit.arrears_from_month is None:
            paid = paid_through(benefit.person_id, benefit.scheme, benefit.kind)
            benefit.arrears_from_month = max(suspension.from_month, month_plus(paid, 1) if paid else 0)
        benefit.save(update_fields=["state", "arrears_from_month"])
        audit(
            "benefit.suspended",
            benefit,
            region=benefit.region_code,
            reason=str(stop.reason),
            from_month=stop.from_month,
        )
        return int(suspension.pk)


def resume_benefit(benefit_id: int, from_month: int, *, by: Actor, case_no: str = "") -> None:
    """Pay again from `from_month` (yyyymm); withheld months that are not lost come as arrears with the next run.

    Raises BenefitError if the benefit is not suspended.
    """
    with acting(by, why="resume benefit"):
        benefit = _live(benefit_id)
        suspension = benefit.suspensions.filter(to_month__isnull=True).first()
        if benefit.state != BenefitState.SUSPENDED or suspension is None:
            raise BenefitError(_("Payment of this benefit is not suspended."))
        suspension.to_month = max(month_plus(from_month, -1), month_plus(suspension.from_month, -1))
        suspension.save(update_fields=["to_month"])
        benefit.state = BenefitState.RUNNING
        benefit.save(update_fields=["state"])
        audit("benefit.resumed", benefit, region=benefit.region_code, from_month=from_month, case_no=case_no)


def end_benefit(benefit_id: int, last_month: int, reason: StopReason, *, by: Actor) -> None:
    """End a benefit after `last_month` (yyyymm), the last month it is paid for. BenefitError if it has ended."""
    with acting(by, why=f"end benefit: {reason}"):
        benefit = _live(benefit_id)
        benefit.suspensions.filter(to_month__isnull=True).update(to_month=last_month)
        benefit.state = BenefitState.ENDED
        benefit.end_month = last_month
        benefit.end_reason = reason
        if benefit.arrears_from_month is not None and benefit.arrears_from_month > last_month:
            benefit.arrears_from_month = None
        benefit.save(update_fields=["state", "end_month", "end_reason", "arrears_from_month"])
        audit("benefit.ended", benefit, region=benefit.region_code, reason=str(reason), last_month=last_month)


def revive_benefit(benefit_id: int, *, by: Actor) -> None:
    """Undo an end that rested on a wrong fact: the benefit runs again, months since then come with the next run."""
    with acting(by, why="revive benefit"):
        benefit = Benefit.objects.select_for_update().get(pk=benefit_id)
        if benefit.state != BenefitState.ENDED or benefit.end_month is None:
            raise BenefitError(_("This benefit has not ended."))
        benefit.arrears_from_month = benefit.arrears_from_month or month_plus(benefit.end_month, 1)
        benefit.state, benefit.end_month, benefit.end_reason = BenefitState.RUNNING, None, ""
        benefit.save(update_fields=["state", "end_month", "end_reason", "arrears_from_month"])
        audit("benefit.revived", benefit, region=benefit.region_code)


@dataclass(frozen=True)
class Proof:
    """A proof of entitlement: how, when, and until when it holds."""

    person_id: int
    region_code: str
    method: Qualification.Method
    proved_on: date
    valid_until_on: date
    case_no: str = ""


def prove_qualification(proof: Proof, *, by: Actor) -> int:
    """Record a proof; payments withheld for want of it are resumed and come with the next run. Returns its id."""
    with acting(by, why="qualification proven"):
        row = Qualification.objects.create(
            person_id=proof.person_id,
            region_code=proof.region_code,
            method=proof.method,
            proved_on=proof.proved_on,
            valid_until_on=proof.valid_until_on,
            case_no=proof.case_no,
        )
        benefits = Benefit.objects.filter(person_id=proof.person_id).exclude(state=BenefitState.ENDED)
        benefits.update(qualified_until_on=proof.valid_until_on)
        held = Suspension.objects.filter(
            benefit__in=benefits, to_month__isnull=True, reason=StopReason.UNPROVEN
        ).values_list("benefit_id", flat=True)
        for benefit_id in held:
            resume_benefit(benefit_id, month_of(proof.proved_on), by=by, case_no=proof.case_no)
        audit("qualification.proven", row, region=proof.region_code, method=str(proof.method))
        return int(row.pk)


def owe(rows: Sequence[Owed], *, by: Actor) -> int:
    """Register amounts owed once; they are paid with the next run, each only once. Returns how many were new."""
    with acting(by, why="amounts owed once"):
        created = Due.objects.bulk_create(
            [
                Due(
                    person_id=row.person_id,
                    payee_person_id=row.payee_person_id,
                    region_code=row.region_code,
                    scheme=row.scheme,
                    benefit_kind=row.benefit_kind,
                    month=row.month,
                    seq=row.seq,
                    amount_fen=row.amount_fen,
                    source=row.source,
                    bank_code=row.account.bank_code if row.account else "",
                    account_number=row.account.number if row.account else "",
                    account_name=row.account.name if row.account else "",
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )
        audit("benefit.owed", ("common.due", rows[0].source if rows else ""), rows=len(created))
        return len(created)
