"""An account that moves between the employees' and the residents' scheme: paid by one fund, entered by the other."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.fund.api import fund_account, pool_region
from dashebao.business.insurance.common.accounts import Movement, balances_of, empty_account, move
from dashebao.business.insurance.common.actions import BenefitError, OutsideAccount, Owed, owe
from dashebao.business.insurance.common.events import SchemesLinked
from dashebao.business.insurance.common.models import AccountLink
from dashebao.business.insurance.common.queries import live_benefit
from dashebao.kernel.events.api import publish
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit
from dashebao.kernel.registry.api import person


@dataclass(frozen=True)
class Linking:
    """A decision to link: whose account, from which scheme to which, months that count there, on which case and day."""

    person_id: int
    from_scheme: str
    to_scheme: str
    months: int
    case_no: str
    decided_on: date


def linked_out(person_id: int, scheme: str) -> bool:
    """Whether this person's account of the scheme has gone to the other one."""
    return AccountLink.objects.filter(person_id=person_id, from_scheme=scheme).exists()


def link_schemes(order: Linking, *, by: Actor) -> int:
    """Empty the account, owe its money to the other fund, tell who must know; returns the link's id.

    The other account grows when the money has arrived there. Raises BenefitError on a pension or an empty account.
    """
    human = person(order.person_id)
    with acting(by, why=f"schemes linked {order.case_no}"):
        if live_benefit(human.id) is not None:
            raise BenefitError(_("A pension is being paid; the schemes can no longer be linked."))
        held = balances_of(human.id, human.region_code, order.from_scheme)
        if held.total <= 0:
            raise BenefitError(_("The account is empty; there is nothing to move."))
        row = AccountLink.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            from_scheme=order.from_scheme,
            to_scheme=order.to_scheme,
            worker_fen=held.worker,
            employer_fen=held.employer,
            months=order.months,
            decided_on=order.decided_on,
            case_no=order.case_no,
        )
        month = month_of(order.decided_on)
        empty_account(
            Movement(human.id, human.region_code, month, "benefit.linked_out", row.reference, order.from_scheme)
        )
        with acting(SYSTEM, why="account of the other fund"):  # the accounts belong to the pools
            target = fund_account(order.to_scheme, pool_region(order.to_scheme, human.region_code), "1003")
        due = Owed(
            person_id=human.id,
            payee_person_id=0,
            region_code=human.region_code,
            scheme=order.from_scheme,
            benefit_kind="transfer",
            month=month,
            amount_fen=held.total,
            source=row.reference,
            account=OutsideAccount(target.bank_code, target.number, target.name),
        )
        owe([due], by=by)
        publish(
            SchemesLinked(
                human.id, human.region_code, order.from_scheme, order.to_scheme, order.months, order.decided_on
            )
        )
        audit("benefit.schemes_linked", row, person=human.id, amount_fen=held.total)
        return int(row.pk)


def enter_linked(reference: str, amount_fen: int, on: date) -> None:
    """The other fund has the money: its account of the person grows, once."""
    digits = reference.removeprefix("linking:")
    row = AccountLink.objects.select_for_update().filter(pk=int(digits) if digits.isdecimal() else 0).first()
    if row is None or row.state == AccountLink.State.POSTED or amount_fen != row.worker_fen + row.employer_fen:
        return  # the fund's books have the money; there is no account it could be entered on
    parts = {"worker_principal": row.worker_fen, "employer_principal": row.employer_fen}
    move(Movement(row.person_id, row.region_code, month_of(on), "benefit.linked_in", reference, row.to_scheme), parts)
    row.state = AccountLink.State.POSTED
    row.save(update_fields=["state"])
    audit("benefit.linked_account_entered", row, person=row.person_id, amount_fen=amount_fen)
