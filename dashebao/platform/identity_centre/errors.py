"""What the identity centre refuses, in words for the user."""

from django.utils.translation import gettext as _


class SealError(Exception):
    """Something about a seal that a person can put right."""


class ReasonNeeded(SealError):
    """A seal is renewed or withdrawn only with a reason."""

    def __init__(self) -> None:
        super().__init__(_("Write why, in at least four characters; it stays in the audit trail."))


class NoSuchSeal(SealError):
    """No seal has this number."""

    def __init__(self) -> None:
        super().__init__(_("There is no seal with this number, or it is withdrawn already."))
