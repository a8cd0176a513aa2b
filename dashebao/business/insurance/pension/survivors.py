"""After a death: funeral grant, survivors' sum and the rest of the account, less what had been overpaid."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import (
    EarlyInterest,
    Movement,
    Overpayment,
    Owed,
    Recovery,
    Return,
    benefits_of,
    book_return,
    credit_part_year,
    early_interest,
    empty_account,
    overpayments_of,
    owe,
    year_so_far,
)
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import DeathGrant
from dashebao.business.insurance.pension.queries import SCHEME, career_of, current_award
from dashebao.business.insurance.pension.sheet import ACCOUNT_RATE, INCOME_BASE, INTEREST, part_year_inputs
from dashebao.kernel.legal_time.api import month_of, months_apart
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import Person, facts_of, person, record_fact
from dashebao.kernel.rules.api import evaluate, explain, parameters

FUNERAL_FACT = "funeral_grant"


@dataclass(frozen=True)
class GrantSheet:
    """The amounts after a death in fen, and how they came about."""

    status: str
    funeral_fen: int
    survivor_fen: int
    trace: dict[str, Any]


@dataclass(frozen=True)
class DeathClaim:
    """A claim after a death: the deceased, who receives the money, on which case and day."""

    person_id: int
    payee_person_id: int
    case_no: str
    decided_on: date


def _died_on(human: Person) -> date:
    if human.died_on is None:
        raise PensionError(_("The registry does not know of the death. Have it recorded first."))
    return human.died_on


def grant_sheet(human: Person) -> GrantSheet:
    """Funeral grant and survivors' sum for a person who died (人社部发〔2021〕18号).

    Raises PensionError if the registry knows no death. A funeral grant already paid by another insurance is not paid
    again (社会保险法 art. 49).
    """
    died_on = _died_on(human)
    award = current_award(human.id)
    benefits = [row for row in benefits_of(human.id, SCHEME) if row.end_month]
    law = parameters(human.region_code, died_on)
    inputs: dict[str, Any] = {
        "monthly_income_base": format_yuan(law.latest(INCOME_BASE).whole()),
        "contribution_months": award.paid_months + award.deemed_months if award else career_of(human.id).months,
        "status": "pensioner" if award else "in_service",
    }
    if award:
        last = max((row.end_month or 0 for row in benefits), default=month_of(died_on))
        inputs["paid_months"] = max(0, months_apart(award.start_month, last) + 1)
    trace = explain("pension.survivor_grant", inputs, on=died_on, region=human.region_code).as_json()
    paid_elsewhere = any(fact.kind == FUNERAL_FACT for fact in facts_of(human.id))
    return GrantSheet(
        status=inputs["status"],
        funeral_fen=0 if paid_elsewhere else parse_yuan(trace["results"]["funeral"]),
        survivor_fen=parse_yuan(trace["results"]["pension"]),
        trace=trace,
    )


def grant_after_death(claim: DeathClaim, *, by: Actor) -> int:
    """Grant what is due after a death, once, paid to the payee with the next run; returns the grant's id.

    What was overpaid after the death is set off first (社会保险经办条例 art. 46).
    """
    human = person(claim.person_id)
    with acting(by, why=f"death grant {claim.case_no}"):
        if DeathGrant.objects.filter(person_id=human.id).exists():
            raise PensionError(_("The grant after this death has already been decided."))
        sheet = grant_sheet(human)
        died_on = _died_on(human)
        account = _rest_of_account(human, claim, by)
        total = sheet.funeral_fen + sheet.survivor_fen + account
        offset = _set_off(human.id, total, claim, by)
        row = DeathGrant.objects.create(
            person_id=human.id,
            payee_person_id=claim.payee_person_id,
            region_code=human.region_code,
            case_no=claim.case_no,
            status=sheet.status,
            died_on=died_on,
            funeral_fen=sheet.funeral_fen,
            survivor_fen=sheet.survivor_fen,
            account_fen=account,
            offset_fen=offset,
            trace=sheet.trace,
            law_on=died_on,
            parameters_digest=sheet.trace["parameter_digest"],
        )
        amounts = {"funeral": sheet.funeral_fen, "survivor": sheet.survivor_fen, "account_refund": account}
        owe(_after_offset(human, claim, amounts, offset), by=by)
        if sheet.funeral_fen:
            record_fact(human.id, FUNERAL_FACT, died_on, source="pension", data={"case_no": claim.case_no})
        audit("pension.death_grant", row, person=human.id, total_fen=total, offset_fen=offset)
        return int(row.pk)


def _after_offset(human: Person, claim: DeathClaim, amounts: dict[str, int], offset: int) -> list[Owed]:
    rows = []
    for kind, amount in amounts.items():
        kept = min(amount, offset)
        offset -= kept
        if amount > kept:
            rows.append(
                Owed(
                    person_id=human.id,
                    payee_person_id=claim.payee_person_id,
                    region_code=human.region_code,
                    scheme=SCHEME,
                    benefit_kind=kind,
                    month=month_of(claim.decided_on),
                    amount_fen=amount - kept,
                    source=f"case:{claim.case_no}",
                )
            )
    return rows


def _rest_of_account(human: Person, claim: DeathClaim, by: Actor) -> int:
    """Credit the interest of the year of death and take the whole account out (社会保险法 art. 14)."""
    died_on = _died_on(human)
    interest = rest_interest(human, month_of(died_on))
    month = month_of(claim.decided_on)
    if any(interest.values()):
        credit_part_year(
            EarlyInterest(
                person_id=human.id,
                region_code=human.region_code,
                year=died_on.year,
                month=month,
                worker_fen=interest["worker"],
                employer_fen=interest["employer"],
                key=f"death:{human.id}",
            ),
            by=by,
        )
    return empty_account(Movement(human.id, human.region_code, month, "pension.account_to_heirs", claim.case_no))


def rest_interest(human: Person, through_month: int, scheme: str = SCHEME) -> dict[str, int]:
    """Interest of the running year through a month on both sides of an account, in fen; never below zero."""
    law = parameters(human.region_code, date(through_month // 100, through_month % 100, 1))
    out, early = {}, early_interest(human.id, through_month // 100, scheme)
    for side, year in year_so_far(human.id, human.region_code, through_month // 100, scheme).items():
        inputs = part_year_inputs(year.opening_fen, year.credits, through_month, law.latest(ACCOUNT_RATE).fraction())
        got = evaluate(INTEREST, inputs, on=law.day, region=human.region_code)
        whole = parse_yuan(got["interest_on_opening"]) + parse_yuan(got["interest_on_credits"])
        out[side] = max(0, whole - early[side])
    return out


def _set_off(person_id: int, available: int, claim: DeathClaim, by: Actor) -> int:
    """Set open overpayments off against the grant, oldest first; returns what was kept."""
    kept = 0
    for debt in sorted(overpayments_of(person_id), key=lambda row: row.pk):
        left = debt.amount_fen - debt.recovered_fen
        take = min(left, available - kept)
        if debt.state != Overpayment.State.OPEN or take <= 0:
            continue
        book_return(
            Return(debt.pk, Recovery.Way.OFFSET, month_of(claim.decided_on), take, f"case:{claim.case_no}"), by=by
        )
        kept += take
    return kept
