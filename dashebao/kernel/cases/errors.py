"""What can go wrong with a case, in words for the user, and how the database's refusals become them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class CaseError(Exception):
    """A refused act on a case; ``str()`` is the sentence for the user."""

    message: Any = gettext_lazy("This cannot be done with the case.")

    def __init__(self, message: Any = None) -> None:
        super().__init__(str(message if message is not None else self.message))


class NotFound(CaseError):
    """No such case in the reader's scope."""

    message = gettext_lazy("There is no such case in your area. Check the number.")


class NotAllowed(CaseError):
    """The actor lacks the duty, the scope or the standing."""

    message = gettext_lazy("You may not do this. Ask an officer with this duty for the place.")


class ChannelClosed(CaseError):
    """The item is not offered through this channel."""

    message = gettext_lazy("This service is not open on this channel. Use one of those named in its guide.")


class WrongApplicant(CaseError):
    """The applicant is not of the kind the item asks for."""

    message = gettext_lazy("This service is for another kind of applicant. See who may apply in its guide.")


class KeyReused(CaseError):
    """The same submission key came with other content."""

    message = gettext_lazy("This form was already sent with other answers. Open a new form.")


class StaleCase(CaseError):
    """Somebody else changed the case since it was shown."""

    message = gettext_lazy("Somebody else changed this case after you opened it. Load it again and repeat your step.")


class WrongState(CaseError):
    """The act does not fit the case's present state or step."""

    message = gettext_lazy("The case is not at a point where this can be done. Load it again to see where it stands.")


class TakenByOther(CaseError):
    """Another officer has the step."""

    message = gettext_lazy(
        "Another officer is working on this step. Choose another task, or ask for it to be released."
    )


class FourEyes(CaseError):
    """The same officer would do two steps that need different eyes."""

    message = gettext_lazy("You already did another step of this case. A different officer must do this one.")


class OwnCase(CaseError):
    """The officer is a party of the case."""

    message = gettext_lazy("You are a party of this case and may not handle it. Another officer must do so.")


class MissingPapers(CaseError):
    """Required papers are not there."""


class Blocked(CaseError):
    """A blocking check failed."""


class ForbiddenByLaw(CaseError):
    """The item's own rules refuse the application, so it cannot be granted."""


class NoGrounds(CaseError):
    """A refusal without any legal ground."""

    message = gettext_lazy("A refusal needs at least one ground with the article it rests on. Add the ground.")


class OnceOnly(CaseError):
    """The law allows this once."""

    message = gettext_lazy(
        "The applicant was already told once what to complete; the law allows one notice. Go on with what you have."
    )


class ReentryOpen(CaseError):
    """Fields that must be typed a second time are missing or differ."""

    message = gettext_lazy(
        "Some fields must first be typed again from the papers, and differences settled. See “Second entry” on the page."
    )


class ReasonMissing(CaseError):
    """An act that needs a reason came without one."""

    message = gettext_lazy("Write the reason; it is kept with the case.")


class TooEarly(CaseError):
    """A statutory time is still running."""


class StepFormInvalid(CaseError):
    """The step's record is incomplete; ``errors`` by field."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(_("The record of this step is incomplete. Correct the marked fields."))
        self.errors = errors


_BY_CONSTRAINT: dict[str, type[CaseError]] = {
    "cases_signature_four_eyes": FourEyes,
    "cases_signature_one_human": FourEyes,
    "cases_own_case": OwnCase,
    "cases_own_signature": NotAllowed,
    "cases_signature_once": FourEyes,
    "cases_reentry_eyes": FourEyes,
    "cases_reentry_own": NotAllowed,
    "cases_step_typed": ReentryOpen,
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn the guards' refusals into the errors above; any other database error passes unchanged."""
    try:
        yield
    except IntegrityError as error:
        found = _BY_CONSTRAINT.get(constraint_of(error))
        if found is None:
            raise
        raise found() from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the violated constraint, or an empty string."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnostics, "constraint_name", "") or "")
