"""What the fund accounts refuse, in sentences for the officer."""

from __future__ import annotations


class FundError(Exception):
    """The fund accounts refuse; the text says what is wrong and what to do."""


class PaymentConflict(FundError):
    """The same benefit of the same month was entered before with another content."""


class BatchNotOpen(FundError):
    """The batch is not in the state this act needs."""


class SameOfficer(FundError):
    """An officer may sign a batch only once: maker, checker and approver are three persons."""


class NotReconciled(FundError):
    """The month still has open items and cannot be closed."""


class NotSetUp(FundError):
    """The fund has no books or bank accounts yet."""
