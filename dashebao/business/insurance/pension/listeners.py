"""What other provinces and the finance office say about relations that move."""

from dashebao.business.fund.api import MoneyArrived
from dashebao.business.insurance.pension.queries import SCHEME
from dashebao.business.insurance.pension.transfers import PLATFORM
from dashebao.business.insurance.pension.transfers_in import take_form, take_money
from dashebao.business.insurance.pension.transfers_out import take_letter, take_receipt
from dashebao.kernel.cases.api import Application, submit
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.events.api import listens
from dashebao.kernel.exchange.api import Message, handles
from dashebao.kernel.records.api import SYSTEM


@handles(PLATFORM, "Z02")
def letter_received(message: Message) -> None:
    """A contact letter; one that nobody here asked for becomes a case of its own."""
    human = take_letter(message.data, message.key, message.answers)
    if human is None:
        return
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    answers = {"other_region": message.data["to"], "home_region": message.data.get("home") or message.data["to"]}
    submit(Application("SI-3021", applicant, answers, Channel.API, f"letter:{message.data['letter']}"), SYSTEM)


@handles(PLATFORM, "Z03")
def form_received(message: Message) -> None:
    """An information form of a relation that moves in."""
    take_form(message)


@handles(PLATFORM, "Z04")
def receipt_received(message: Message) -> None:
    """The other province's word on record and money we sent."""
    take_receipt(message.data, message.key)


@listens(MoneyArrived)
def transfer_money_arrived(event: MoneyArrived) -> None:
    """Money of a move in reached the fund's account."""
    if event.kind == "transfer_in" and event.scheme == SCHEME and event.reference.startswith("transfer:"):
        take_money(event.reference, event.amount_fen, event.on)
