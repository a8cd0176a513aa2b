"""The door of the exchange."""

from dashebao.kernel.exchange.actions import (
    ExchangeError,
    Fetched,
    KeyReused,
    UnknownPartner,
    close_partner,
    deliver,
    fetch,
    handle_waiting,
    register_partner,
    send,
    turn,
)
from dashebao.kernel.exchange.handlers import Message, Refused, handled_kinds, handles
from dashebao.kernel.exchange.queries import (
    PartnerStatus,
    Sent,
    answers_to,
    bad_rows,
    pending,
    received,
    sent,
    status,
)

__all__ = [
    "ExchangeError",
    "Fetched",
    "KeyReused",
    "Message",
    "PartnerStatus",
    "Refused",
    "Sent",
    "UnknownPartner",
    "answers_to",
    "bad_rows",
    "close_partner",
    "deliver",
    "fetch",
    "handle_waiting",
    "handled_kinds",
    "handles",
    "pending",
    "received",
    "register_partner",
    "send",
    "sent",
    "status",
    "turn",
]
