"""The few words of the case machine: states of a case, of a step, kinds of letters, suspensions and decisions."""

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """States of a case, the same for every service."""

    SUBMITTED = "submitted", pgettext_lazy("case state", "Submitted")
    ACCEPTED = "accepted", pgettext_lazy("case state", "Accepted")
    SUSPENDED = "suspended", pgettext_lazy("case state", "Suspended")
    GRANTED = "granted", pgettext_lazy("case state", "Granted")
    REFUSED = "refused", pgettext_lazy("case state", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("case state", "Withdrawn")
    DELIVERED = "delivered", pgettext_lazy("case state", "Delivered")


OPEN = (State.SUBMITTED, State.ACCEPTED, State.SUSPENDED)
UNDECIDED = (State.SUBMITTED, State.ACCEPTED)
WORKED_ON = (State.SUBMITTED, State.ACCEPTED, State.GRANTED)
CLOSED = (State.REFUSED, State.WITHDRAWN, State.DELIVERED)


class StepState(models.TextChoices):
    """States of one step."""

    AHEAD = "ahead", pgettext_lazy("step state", "Ahead")
    OPEN = "open", pgettext_lazy("step state", "Open")
    RUNNING = "running", pgettext_lazy("step state", "Running")
    DONE = "done", pgettext_lazy("step state", "Done")
    DROPPED = "dropped", pgettext_lazy("step state", "No longer needed")


class LetterKind(models.TextChoices):
    """Papers the office hands or sends to the applicant."""

    RECEIPT = "receipt", pgettext_lazy("letter", "Receipt for papers handed in")
    ACCEPTANCE = "acceptance", pgettext_lazy("letter", "Notice of acceptance")
    CORRECTION = "correction", pgettext_lazy("letter", "One-time notice of what to complete")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("letter", "Notice of non-acceptance")
    SUSPENSION = "suspension", pgettext_lazy("letter", "Notice of suspension")
    EXTENSION = "extension", pgettext_lazy("letter", "Notice of a longer time limit")
    GRANT = "grant", pgettext_lazy("letter", "Decision granting the application")
    REFUSAL = "refusal", pgettext_lazy("letter", "Decision refusing the application")
    WITHDRAWAL = "withdrawal", pgettext_lazy("letter", "Confirmation of withdrawal")
    LAPSE = "lapse", pgettext_lazy("letter", "Notice that the application counts as withdrawn")


class ReentryState(models.TextChoices):
    """Where a field that is typed a second time stands."""

    WANTED = "wanted", pgettext_lazy("re-entry", "Still to be typed")
    SAME = "same", pgettext_lazy("re-entry", "Both entries agree")
    DIFFERENT = "different", pgettext_lazy("re-entry", "The entries differ")
    SETTLED = "settled", pgettext_lazy("re-entry", "Settled: the first entry stands")
    RETURNED = "returned", pgettext_lazy("re-entry", "Sent back to be corrected")


class Outcome(models.TextChoices):
    """What a decision says."""

    GRANTED = "granted", pgettext_lazy("outcome", "Granted")
    REFUSED = "refused", pgettext_lazy("outcome", "Refused")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("outcome", "Not accepted")


class PauseKind(models.TextChoices):
    """Why the clock stands still."""

    CORRECTION = "correction", pgettext_lazy("pause", "Papers to be completed")
    SUSPENSION = "suspension", pgettext_lazy("pause", "Suspended")
    STATUTORY = "statutory", pgettext_lazy("pause", "Time outside the limit by law")


class PaperState(models.TextChoices):
    """Where one paper of a case stands."""

    EXPECTED = "expected", pgettext_lazy("paper", "Still to come")
    RECEIVED = "received", pgettext_lazy("paper", "Received")
    SHARED = "shared", pgettext_lazy("paper", "Comes from another agency")
    PROMISED = "promised", pgettext_lazy("paper", "Replaced by a signed promise")
    WAIVED = "waived", pgettext_lazy("paper", "Not needed in this case")


class PartyState(models.TextChoices):
    """Whether a party still takes part."""

    ACTIVE = "active", pgettext_lazy("party state", "Takes part")
    WITHDRAWN = "withdrawn", pgettext_lazy("party state", "Withdrew")


class Means(models.TextChoices):
    """How a decision reached the applicant (民事诉讼法 §88-95 order of service)."""

    DIRECT = "direct", pgettext_lazy("delivery", "Handed over in person")
    ELECTRONIC = "electronic", pgettext_lazy("delivery", "Electronically")
    POST = "post", pgettext_lazy("delivery", "By post")
    LEFT = "left", pgettext_lazy("delivery", "Left at the address")
    ENTRUSTED = "entrusted", pgettext_lazy("delivery", "Through another agency")
    PUBLIC = "public", pgettext_lazy("delivery", "By public announcement")
