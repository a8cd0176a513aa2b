"""The words of the processing track."""

from django.utils.translation import pgettext_lazy

from dashebao.kernel.catalogue.api import Text

VERBS: dict[str, Text] = {
    "submitted": pgettext_lazy("case event", "Application handed in"),
    "taken": pgettext_lazy("case event", "Task taken"),
    "released": pgettext_lazy("case event", "Task given back"),
    "reassigned": pgettext_lazy("case event", "Handed to a colleague"),
    "taken_over": pgettext_lazy("case event", "Taken over from a colleague"),
    "reentered": pgettext_lazy("case event", "Fields typed again"),
    "difference_settled": pgettext_lazy("case event", "Difference settled"),
    "entry_corrected": pgettext_lazy("case event", "Entry corrected"),
    "accepted": pgettext_lazy("case event", "Accepted"),
    "signed": pgettext_lazy("case event", "Signed"),
    "step_done": pgettext_lazy("case event", "Step done"),
    "published": pgettext_lazy("case event", "Public notice published"),
    "objected": pgettext_lazy("case event", "Objection received"),
    "returned": pgettext_lazy("case event", "Sent back"),
    "correction_asked": pgettext_lazy("case event", "Asked to complete the papers"),
    "correction_answered": pgettext_lazy("case event", "Papers completed"),
    "papers_added": pgettext_lazy("case event", "Papers added"),
    "suspended": pgettext_lazy("case event", "Suspended"),
    "resumed": pgettext_lazy("case event", "Resumed"),
    "extended": pgettext_lazy("case event", "Time limit extended"),
    "confirmed": pgettext_lazy("case event", "Confirmed by a party"),
    "window_ended": pgettext_lazy("case event", "Statutory window ended"),
    "lapsed": pgettext_lazy("case event", "Counts as withdrawn: the time ran out"),
    "party_withdrew": pgettext_lazy("case event", "A party withdrew"),
    "agent_left": pgettext_lazy("case event", "The agent's part ended"),
    "withdrawn": pgettext_lazy("case event", "Withdrawn"),
    "granted": pgettext_lazy("case event", "Granted"),
    "refused": pgettext_lazy("case event", "Refused"),
    "not_accepted": pgettext_lazy("case event", "Not accepted"),
    "delivered": pgettext_lazy("case event", "Result delivered"),
    "closed": pgettext_lazy("case event", "Closed and archived"),
}
"""Every verb ``Desk.note`` writes, in the words of the processing track."""


def verb_label(verb: str) -> str:
    """The words for a verb of the processing track."""
    return str(VERBS.get(verb, verb))
