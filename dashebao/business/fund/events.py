"""What the fund tells others."""

from dataclasses import dataclass
from datetime import date

from dashebao.kernel.events.api import Event


@dataclass(frozen=True)
class MoneyArrived(Event):
    """Money from outside reached a fiscal special account and is in the books; `reference` is the payer's."""

    kind: str
    scheme: str
    pool: str
    reference: str
    amount_fen: int
    on: date
