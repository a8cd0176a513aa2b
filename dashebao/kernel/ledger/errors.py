"""What the ledger refuses, in words for people; the database decides, these classes name its decisions."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class LedgerError(Exception):
    """A refusal of the ledger. `str()` is a sentence for the user, `detail` names the key, account or journal."""

    message: str | Promise = _("The ledger refused the posting. Ask the fund accountant to look at the details.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} ({self.detail})" if self.detail else str(self.message)


class KeyConflict(LedgerError):
    """The business key was used before with other content."""

    message = _(
        "This was posted before with other content. Check the earlier posting, and use a reversal to change it."
    )


class PeriodClosed(LedgerError):
    """The month of the books is closed."""

    message = _("The month is closed in these books. Post into an open month.")


class Unbalanced(LedgerError):
    """Debit and credit differ, a journal is not whole, or sub-lines do not tie to their control account."""

    message = _("The posting does not balance. Debit and credit, and the personal amounts under them, must be equal.")


class Overdraft(LedgerError):
    """A balance would leave its limits."""

    message = _("There is not enough money on the account for this. Check the balance and the amount.")


class NoContext(LedgerError):
    """Nobody signed for the posting."""

    message = _("Nobody is signed in for this posting. Sign in again.")


class NotPermitted(LedgerError):
    """The actor may not write these books."""

    message = _("These books are outside your office's region. Ask the responsible office.")


class UnknownAccount(LedgerError):
    """An account, sub-account or hold does not exist in these books."""

    message = _("An account of this posting does not exist in these books. Open it first.")


class ReversalRefused(LedgerError):
    """A journal is reversed at most once, by its exact mirror."""

    message = _("The journal cannot be reversed this way: it is reversed already, or the lines are not its mirror.")


class HoldRefused(LedgerError):
    """A hold cannot end this way."""

    message = _("The hold cannot end this way. It is posted only with the journal that moves its money.")


class BadPosting(LedgerError):
    """Columns of unequal length, a wrong month, or a text too long."""

    message = _("The posting is not well formed. Check months, keys and amounts.")


BY_STATE: dict[str, type[LedgerError]] = {
    "LG001": KeyConflict,
    "LG002": PeriodClosed,
    "LG003": Unbalanced,
    "LG005": NoContext,
    "LG006": UnknownAccount,
    "LG007": NotPermitted,
    "LG008": ReversalRefused,
    "LG009": HoldRefused,
    "LG010": BadPosting,
    "42501": NotPermitted,
    "22001": BadPosting,
    "22003": BadPosting,
    "22P02": BadPosting,
    "23502": BadPosting,
}
BY_CONSTRAINT: dict[str, type[LedgerError]] = {
    "ledger_subaccount_floor": Overdraft,
    "ledger_account_floor": Overdraft,
    "ledger_account_ceiling": Overdraft,
    "ledger_entry_amount": Unbalanced,
    "ledger_subentry_amount": Unbalanced,
    "ledger_journal_four_eyes": NotPermitted,
}
