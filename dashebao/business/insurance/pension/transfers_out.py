"""A relation moves out: certificate, contact letter of the other province, information form and money, receipt."""

import json
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import (
    EarlyInterest,
    Movement,
    OutsideAccount,
    Owed,
    balances_of,
    credit_part_year,
    empty_account,
    owe,
)
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import Transfer, TransferForm, TransferLetter
from dashebao.business.insurance.pension.queries import SCHEME, career_of, own_region
from dashebao.business.insurance.pension.sheet import PaidYear
from dashebao.business.insurance.pension.survivors import rest_interest
from dashebao.business.insurance.pension.transfers import (
    PLATFORM,
    TransferRequest,
    by_number,
    named,
    place_of_benefit,
    request_transfer,
    same_person,
    stepped,
    transfer_amount,
)
from dashebao.kernel.exchange.api import Refused, send
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.money.api import parse_yuan
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.kernel.registry.api import Person, person, person_by_id_number


def move_out(request: TransferRequest, *, by: Actor) -> Transfer:
    """Start a move out: the certificate (参保缴费凭证) goes to the other province, whose letter is waited for.

    Where its letter came first, record and money are sent at once. Raises PensionError as request_transfer does.
    """
    row = request_transfer(request, by=by)
    with acting(by, why=f"pension transfer {row.number}"):
        human = person(row.person_id)
        row.trace = {"place": place_of_benefit(human.id, row.home_region, row.other_region, request.requested_on)}
        letter = waiting_letter(human.id, row.other_region)
        if letter is not None:
            _accept(row, letter, request.requested_on)
            return row
        row.save(update_fields=["trace"])
        certificate = named(human) | {
            "transfer": row.number,
            "from": own_region(),
            "to": row.other_region,
            "months": career_of(human.id).months,
            "on": request.requested_on.isoformat(),
        }
        send(PLATFORM, "Z01", certificate, key=f"Z01:{row.number}")
        return row


def waiting_letter(person_id: int, other_region: str) -> TransferLetter | None:
    """A letter of that province for this person that no transfer has taken up yet."""
    rows = TransferLetter.objects.filter(person_id=person_id, from_region=own_region(), to_region=other_region)
    found: TransferLetter | None = rows.filter(transfer__isnull=True).order_by("-id").first()
    return found


def take_letter(data: dict[str, Any], key: str, answers: str) -> Person | None:
    """A contact letter, or the refusal of one; returns the person if nobody here has asked for the move yet."""
    if not answers:
        return _unasked(data, key)
    row = by_number(answers.removeprefix("Z01:"))
    on = timezone.localdate()
    if row.direction != Transfer.Direction.OUT or row.state != Transfer.State.REQUESTED:
        raise Refused("Z02", f"{row.number} does not wait for a letter")
    if not data.get("ok", True):
        said = f"{data.get('code', '')} {data.get('message', '')}".strip()
        stepped(row, Transfer.State.CANCELLED, on, message_key=key, note=said)
        return None
    if not same_person(person(row.person_id), data):
        raise Refused("Z11", "number and name are not those of the certificate")
    _accept(row, _kept(row.person_id, row.region_code, data, key), on, key)
    return None


def _unasked(data: dict[str, Any], key: str) -> Person | None:
    """The person applied over there: keep the letter for a case here, or tell the other province why not."""
    human = person_by_id_number(str(data["id_number"]))
    if human is None or human.name != data["name"] or not career_of(human.id).months:
        body = {"transfer": "", "letter": data["letter"], "ok": False, "code": "N01", "message": "无参保缴费记录"}
        send(PLATFORM, "Z03", body, key=f"Z03:{data['letter']}", answers=key)
        return None
    if TransferLetter.objects.filter(number=data["letter"]).exists():
        raise Refused("Z03", f"letter {data['letter']} came before")
    _kept(human.id, human.region_code, data, key)
    return human


def _kept(person_id: int, region_code: str, data: dict[str, Any], key: str) -> TransferLetter:
    account = str(data["account"])
    if not account.isdecimal():
        raise Refused("Z04", "the account of the receiving office is not a number")
    letter: TransferLetter = TransferLetter.objects.create(
        number=data["letter"],
        person_id=person_id,
        region_code=region_code,
        from_region=own_region(),
        to_region=data["to"],
        office=data["office"],
        bank_code=data["bank_code"],
        account_number=account,
        account_name=data["account_name"],
        issued_on=date.fromisoformat(data["on"]),
        message_key=key,
    )
    return letter


def _accept(row: Transfer, letter: TransferLetter, on: date, key: str = "") -> None:
    """Take the letter up and send record and money: the case has decided it, the letter only says where to."""
    row.letter = letter
    stepped(row, Transfer.State.ACCEPTED, on, message_key=key or letter.message_key)
    with acting(SYSTEM, why=f"pension transfer {row.number}"):
        _send_record(row, on)


def _send_record(row: Transfer, on: date) -> None:
    """Empty the account, owe the sum to the other office, send the first information form (信息表)."""
    human, month = person(row.person_id), month_of(on)
    interest = rest_interest(human, month)
    if any(interest.values()):
        credit_part_year(
            EarlyInterest(
                human.id,
                row.region_code,
                on.year,
                month,
                interest["worker"],
                interest["employer"],
                f"transfer:{row.pk}",
            ),
            by=SYSTEM,
        )
    held, career = balances_of(human.id, row.region_code), career_of(human.id)
    trace = transfer_amount(career.years, held.total, row.region_code, on)
    row.worker_fen, row.employer_fen, row.months = held.worker, held.employer, career.paid_months
    row.pool_fen = parse_yuan(trace["results"]["pool_transfer"])
    row.trace = row.trace | {"amount": trace}
    empty_account(Movement(human.id, row.region_code, month, "pension.transfer_out", f"transfer:{row.pk}"))
    if row.total_fen:
        owe([_payment(row, month, row.total_fen, 1)], by=SYSTEM)
    _send_form(row, career.years, on)


def _payment(row: Transfer, month: int, amount_fen: int, seq: int) -> Owed:
    letter = row.letter
    if letter is None:
        raise PensionError(_("The other province has sent no letter yet."))
    return Owed(
        person_id=row.person_id,
        payee_person_id=0,
        region_code=row.region_code,
        scheme=SCHEME,
        benefit_kind="transfer",
        month=month,
        amount_fen=amount_fen,
        source=f"transfer:{row.number}",
        seq=seq,
        account=OutsideAccount(letter.bank_code, letter.account_number, letter.account_name),
    )


def _send_form(row: Transfer, years: tuple[PaidYear, ...], on: date) -> None:
    revision = row.forms.count() + 1
    key = f"Z03:{row.number}:{revision}"
    rows = [
        {"line": n, "place": year.place[:2], "year": year.year, "months": year.months, "base_fen": year.base_total_fen}
        for n, year in enumerate(years, start=1)
    ]
    form = TransferForm.objects.create(
        transfer=row,
        revision=revision,
        years=rows,
        worker_fen=row.worker_fen,
        employer_fen=row.employer_fen,
        pool_fen=row.pool_fen,
        on=on,
        message_key=key,
    )
    letter = row.letter
    body = named(person(row.person_id)) | {
        "transfer": row.number,
        "letter": letter.number if letter else "",
        "ok": True,
        "revision": revision,
        "rows": len(rows),
        "months": row.months,
        "worker_fen": form.worker_fen,
        "employer_fen": form.employer_fen,
        "pool_fen": form.pool_fen,
        "total_fen": form.total_fen,
        "reference": f"transfer:{row.number}",
        "on": on.isoformat(),
    }
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in rows).encode()
    answers = letter.message_key if letter else ""
    send(PLATFORM, "Z03", body, key=key, file=content, name=f"{row.number}-{revision}.jsonl", answers=answers)
    stepped(row, Transfer.State.SENT, on, message_key=key)


def correct_form(transfer_id: int, on: date, *, by: Actor) -> int:
    """Send the form again from the records as they stand now, with the money that was missing; returns that in fen.

    Raises PensionError where no correction was asked for, or where too much was sent: the other office returns it.
    """
    with acting(by, why="transfer form corrected"):
        row: Transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
        if row.direction != Transfer.Direction.OUT or row.state != Transfer.State.QUESTIONED:
            raise PensionError(_("The other province has asked for no correction of this transfer."))
        years = career_of(row.person_id).years
        trace = transfer_amount(years, row.worker_fen + row.employer_fen, row.region_code, on)
        pool = parse_yuan(trace["results"]["pool_transfer"])
        missing = pool - row.pool_fen
        if missing < 0:
            raise PensionError(_("The records now give less than was sent. Ask the other office to return the rest."))
        row.pool_fen, row.trace = pool, row.trace | {"amount": trace}
        row.months = career_of(row.person_id).paid_months
        with acting(SYSTEM, why=f"pension transfer {row.number}"):
            if missing:
                owe([_payment(row, month_of(on), missing, row.forms.count() + 1)], by=SYSTEM)
            _send_form(row, years, on)
        return missing


def take_receipt(data: dict[str, Any], key: str) -> None:
    """The other province has entered record and money, or asks for a correction."""
    row = by_number(str(data["transfer"]))
    if row.direction != Transfer.Direction.OUT or row.state != Transfer.State.SENT:
        raise Refused("Z02", f"{row.number} does not wait for a receipt")
    if int(data["revision"]) != row.forms.count():
        raise Refused("Z05", f"form {data['revision']} of {row.number} is not the last one")
    on = timezone.localdate()
    if data.get("ok"):
        stepped(row, Transfer.State.POSTED, on, message_key=key)
        return
    note = f"{data.get('code', '')} {data.get('message', '')}".strip()
    stepped(row, Transfer.State.QUESTIONED, on, message_key=key, note=note)
