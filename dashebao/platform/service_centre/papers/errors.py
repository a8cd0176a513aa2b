"""What the papers refuse, in words for the user."""

from django.utils.translation import gettext as _


class PaperError(Exception):
    """Something about a paper that its reader can put right."""


class NothingToPrint(PaperError):
    """The records do not hold what the paper would certify."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("There is nothing on record that this paper could certify."))


class NotYours(PaperError):
    """The paper is about somebody else, or about nobody."""

    def __init__(self) -> None:
        super().__init__(_("There is no such paper."))


class ReasonNeeded(PaperError):
    """A paper is revoked only with a reason."""

    def __init__(self) -> None:
        super().__init__(_("Write why the paper is revoked, in at least four characters."))


class AlreadyRevoked(PaperError):
    """A paper is revoked once."""

    def __init__(self) -> None:
        super().__init__(_("This paper is revoked already."))


class TooManyTries(PaperError):
    """Somebody tries check codes one after the other."""

    def __init__(self) -> None:
        super().__init__(_("Too many checks from your address. Wait a minute and try again."))
