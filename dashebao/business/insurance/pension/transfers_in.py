"""A relation moves in: contact letter sent, information form and money received, matched, entered, receipt sent."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from dashebao.business.fund.api import fund_account, pool_region
from dashebao.business.insurance.common.api import Movement, move
from dashebao.business.insurance.pension.models import (
    OutsideYear,
    Transfer,
    TransferForm,
    TransferLetter,
    TransferMoney,
)
from dashebao.business.insurance.pension.queries import SCHEME, own_province, own_region
from dashebao.business.insurance.pension.sheet import PaidYear
from dashebao.business.insurance.pension.transfers import (
    OWN_OFFICE,
    PLATFORM,
    TransferRequest,
    by_number,
    find_number,
    named,
    place_of_benefit,
    request_transfer,
    same_person,
    stepped,
    transfer_amount,
)
from dashebao.kernel.exchange.api import Message, Refused, send
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.money.api import parse_yuan
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit
from dashebao.kernel.registry.api import person

WAITING = (Transfer.State.ACCEPTED, Transfer.State.INFORMED, Transfer.State.QUESTIONED)
MONTHS_OF_A_YEAR = 12


def move_in(request: TransferRequest, *, by: Actor) -> Transfer:
    """Start a move in: the contact letter (联系函) goes to the other province, which sends record and money."""
    row = request_transfer(request, by=by)
    with acting(by, why=f"pension transfer {row.number}"):
        human, on = person(row.person_id), request.requested_on
        with acting(SYSTEM, why="account of the fund"):  # the account belongs to the pool, not to the county
            account = fund_account(SCHEME, pool_region(SCHEME, row.region_code), "1003")
        key = f"Z02:{row.number}"
        row.letter = TransferLetter.objects.create(
            number=row.number,
            person_id=human.id,
            region_code=row.region_code,
            from_region=row.other_region,
            to_region=own_region(),
            office=OWN_OFFICE,
            bank_code=account.bank_code,
            account_number=account.number,
            account_name=account.name,
            issued_on=on,
            message_key=key,
        )
        row.trace = {"place": place_of_benefit(human.id, row.home_region, own_region(), on)}
        letter = named(human) | {
            "letter": row.number,
            "ok": True,
            "from": row.other_region,
            "to": own_region(),
            "office": OWN_OFFICE,
            "scheme": SCHEME,
            "pool": pool_region(SCHEME, row.region_code),
            "bank_code": account.bank_code,
            "account": account.number,
            "account_name": account.name,
            "reference": f"transfer:{row.number}",
            "on": on.isoformat(),
        }
        send(PLATFORM, "Z02", letter, key=key)
        stepped(row, Transfer.State.ACCEPTED, on, message_key=key)
        return row


def take_form(message: Message) -> None:
    """An information form of the other province, its correction, or its refusal."""
    data = message.data
    row = by_number(str(data["letter"]))
    if row.direction != Transfer.Direction.IN or row.state not in WAITING:
        raise Refused("Z02", f"{row.number} does not wait for a form")
    on = timezone.localdate()
    if not data.get("ok", True):
        said = f"{data.get('code', '')} {data.get('message', '')}".strip()
        stepped(row, Transfer.State.CANCELLED, on, message_key=message.key, note=said)
        return
    revision = int(data["revision"])
    if row.forms.filter(revision=revision).exists():
        raise Refused("Z05", f"form {revision} of {row.number} came before")
    years = tuple(_years(message))
    fault = _fault(row, data, years, bad=len(message.results))
    if fault:
        _question(row, revision, fault, message.key)
        return
    TransferForm.objects.create(
        transfer=row,
        revision=revision,
        years=[{"place": y.place, "year": y.year, "months": y.months, "base_fen": y.base_total_fen} for y in years],
        worker_fen=data["worker_fen"],
        employer_fen=data["employer_fen"],
        pool_fen=data["pool_fen"],
        on=date.fromisoformat(data["on"]),
        message_key=message.key,
    )
    stepped(row, Transfer.State.INFORMED, on, message_key=message.key)
    settle(row, on)


def _years(message: Message) -> Iterator[PaidYear]:
    """The years of a form; a line that makes no sense is answered by itself."""
    seen: set[tuple[str, int]] = set()
    good = 0
    for line, row in message.rows():
        try:
            year = PaidYear(int(row["year"]), int(row["months"]), int(row["base_fen"]), str(row["place"])[:2])
        except (KeyError, TypeError, ValueError) as error:
            message.row(line, ok=False, code="Z12", text=f"{type(error).__name__}: {error}")
            continue
        if not 1 <= year.months <= MONTHS_OF_A_YEAR or year.base_total_fen < 0 or (year.place, year.year) in seen:
            message.row(line, ok=False, code="Z12", text="months or wages are wrong, or the year stands twice")
            continue
        seen.add((year.place, year.year))
        good += 1
        yield year
    message.passed(good)


def _fault(row: Transfer, data: dict[str, Any], years: tuple[PaidYear, ...], *, bad: int) -> tuple[str, str] | None:
    """What is wrong with a form: person, lines, sum, or pool money that is not 12 % of the wages (art. 4)."""
    if not same_person(person(row.person_id), data):
        return "Z11", "姓名或证件号码与联系函不一致"
    if bad or len(years) != data["rows"]:
        return "Z12", "缴费明细有误"
    account = data["worker_fen"] + data["employer_fen"]
    if (
        min(data["worker_fen"], data["employer_fen"], data["pool_fen"]) < 0
        or data["total_fen"] != account + data["pool_fen"]
    ):
        return "Z13", "转移金额合计不符"
    trace = transfer_amount(years, account, row.region_code, timezone.localdate())
    if parse_yuan(trace["results"]["pool_transfer"]) != data["pool_fen"]:
        return "Z14", f"统筹基金转移额应为{trace['results']['pool_transfer']}元"
    row.trace = row.trace | {"amount": trace}
    return None


def _question(row: Transfer, revision: int, fault: tuple[str, str], key: str) -> None:
    """Ask the other province to put form or money right; each question once for what has arrived by then."""
    code, text = fault
    here = received_fen(row)
    answer = {"transfer": row.number, "letter": row.number, "ok": False, "revision": revision, "code": code}
    answer |= {"message": text, "received_fen": here, "on": timezone.localdate().isoformat()}
    send(PLATFORM, "Z04", answer, key=f"Z04:{row.number}:{revision}:{code}:{here}", answers=key)
    stepped(row, Transfer.State.QUESTIONED, timezone.localdate(), message_key=key, note=f"{code} {text}")


def received_fen(row: Transfer) -> int:
    """Money of this transfer that has arrived, in fen."""
    return int(row.money.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def take_money(reference: str, amount_fen: int, on: date) -> None:
    """Money for a move in has reached the fund's account (its entry in the books is the fund's).

    `reference` is transfer:<number>, for money sent later transfer:<number>/2 and so on.
    """
    row = find_number(reference.removeprefix("transfer:").split("/")[0])
    if row is None or row.direction != Transfer.Direction.IN or row.money.filter(reference=reference).exists():
        return  # the books have it; there is nothing it could be matched with
    TransferMoney.objects.create(transfer=row, amount_fen=amount_fen, arrived_on=on, reference=reference)
    audit("pension.transfer_money_arrived", row, person=row.person_id, amount_fen=amount_fen)
    settle(row, timezone.localdate())


def settle(row: Transfer, on: date) -> None:
    """Enter record and money once both are here and agree; ask where they do not."""
    form: TransferForm | None = row.forms.order_by("-revision").first()
    here = received_fen(row)
    if form is None or (not here and form.total_fen):
        return
    if row.state == Transfer.State.POSTED or here != form.total_fen:
        text = f"信息表金额{form.total_fen}分，到账{here}分"
        if row.state == Transfer.State.POSTED:
            audit("pension.transfer_money_left", row, person=row.person_id, received_fen=here, due_fen=form.total_fen)
        elif row.state != Transfer.State.CANCELLED:
            _question(row, form.revision, ("M01", text), form.message_key)
        return
    _enter(row, form, on)


def _enter(row: Transfer, form: TransferForm, on: date) -> None:
    """The years count here, the account grows; years paid in this province before are on record already."""
    home = own_province()
    OutsideYear.objects.bulk_create(
        [
            OutsideYear(
                transfer=row,
                person_id=row.person_id,
                region_code=row.region_code,
                paid_region=year["place"],
                year=year["year"],
                months=year["months"],
                base_total_fen=year["base_fen"],
            )
            for year in form.years
            if year["place"] != home
        ],
        ignore_conflicts=True,
    )
    parts = {"worker_principal": form.worker_fen, "employer_principal": form.employer_fen}
    move(Movement(row.person_id, row.region_code, month_of(on), "pension.transfer_in", f"transfer:{row.pk}"), parts)
    row.worker_fen, row.employer_fen, row.pool_fen = form.worker_fen, form.employer_fen, form.pool_fen
    row.months = sum(year["months"] for year in form.years)
    row.trace = row.trace | {"place": place_of_benefit(row.person_id, row.home_region, own_region(), on)}
    key = f"Z04:{row.number}:{form.revision}:ok"
    receipt = {"transfer": row.number, "letter": row.number, "ok": True, "revision": form.revision}
    receipt |= {"received_fen": form.total_fen, "on": on.isoformat()}
    send(PLATFORM, "Z04", receipt, key=key, answers=form.message_key)
    stepped(row, Transfer.State.POSTED, on, message_key=key)
