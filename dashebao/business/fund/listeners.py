"""Takes in what bank and finance office send: answers, transfers and statements."""

from datetime import date

from dashebao.kernel.exchange.api import Message, Refused, handles

from .actions import bank, funding, reconciling


@handles("finance", "F02")
def fund_request_answered(message: Message) -> None:
    """The finance office granted or refused a fund request."""
    funding.take_answer(message.data)


@handles("finance", "F03")
def treasury_transferred(message: Message) -> None:
    """The treasury's money of a month reached the fiscal special accounts."""
    message.passed(funding.take_treasury_transfer(message.data))


@handles("finance", "F04")
def finance_stated(message: Message) -> None:
    """The statement of the fiscal special accounts."""
    message.passed(reconciling.take_finance_statement(message.data, message.key))


@handles("finance", "F06")
def money_arrived(message: Message) -> None:
    """A transfer in or a subsidy reached the fiscal special account."""
    funding.take_inflow(message.data)


@handles("bank", "pain.002")
def bank_answered(message: Message) -> None:
    """The bank's answer to one payment batch."""
    bank.take_answer(_file(message), message.key)


@handles("bank", "camt.053")
def bank_stated(message: Message) -> None:
    """The bank's statements of the expenditure accounts."""
    through = date.fromisoformat(str(message.data["through"]))
    message.passed(reconciling.take_bank_statements(_file(message), message.key, through))


def _file(message: Message) -> bytes:
    if message.file is None:
        raise Refused("FF02", "the message has no file")
    return message.file
