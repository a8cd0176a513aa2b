"""Steps of a service item: their kinds, limits, extensions and statutory windows."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.catalogue.parts import OfficeLevel, Text
from dashebao.kernel.law.api import Article
from dashebao.kernel.legal_time.api import Limit


class StepKind(enum.StrEnum):
    """What happens in a step; each kind has fixed rules in the case machine."""

    INTAKE = "intake"
    MATCH = "match"
    VISIT = "visit"
    NOTICE = "notice"
    REVIEW = "review"
    PANEL = "panel"
    DECIDE = "decide"
    PAY = "pay"
    DELIVER = "deliver"
    WAIT = "wait"

    @property
    def label(self) -> Text:
        """The name of the kind in the reader's language."""
        return _KIND_LABELS[self]

    @property
    def four_eyes(self) -> bool:
        """True for the steps of one case that must be done by different officers."""
        return self in (StepKind.INTAKE, StepKind.REVIEW, StepKind.DECIDE)

    @property
    def after_decision(self) -> bool:
        """True for the steps that carry a granted decision out."""
        return self in (StepKind.PAY, StepKind.DELIVER)


_KIND_LABELS: dict[StepKind, Text] = {
    StepKind.INTAKE: pgettext_lazy("step", "Intake"),
    StepKind.MATCH: pgettext_lazy("step", "Data check"),
    StepKind.VISIT: pgettext_lazy("step", "Visit"),
    StepKind.NOTICE: pgettext_lazy("step", "Public notice"),
    StepKind.REVIEW: pgettext_lazy("step", "Review"),
    StepKind.PANEL: pgettext_lazy("step", "Panel"),
    StepKind.DECIDE: pgettext_lazy("step", "Decision"),
    StepKind.PAY: pgettext_lazy("step", "Payment"),
    StepKind.DELIVER: pgettext_lazy("step", "Delivery"),
    StepKind.WAIT: pgettext_lazy("step", "Statutory window"),
}


class WindowAct(enum.StrEnum):
    """What the parties do in a statutory window."""

    REFLECT = "reflect"
    CONFIRM = "confirm"

    @property
    def label(self) -> Text:
        """What the window asks of the parties, in the reader's language."""
        return _ACT_LABELS[self]


_ACT_LABELS: dict[WindowAct, Text] = {
    WindowAct.REFLECT: _("Time to think it over: any party may withdraw; nothing else is needed"),
    WindowAct.CONFIRM: _("Every party must confirm before the window ends"),
}


@dataclass(frozen=True)
class Extension:
    """A longer limit that an officer of ``role`` may allow once, with the article that permits it."""

    limit: Limit
    role: str
    law: Article


@dataclass(frozen=True)
class Reenter:
    """A field of the application that a second officer types again from the papers without seeing it first (双录).

    ``above`` names a parameter in yuan: the field is an amount in fen and typed again only where it is higher.
    """

    field: str
    above: str = ""
    law: Article | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a service item.

    ``role`` is the duty of the officer who acts ("" only for a window or a notice, which time ends).
    ``officers`` is how many different officers must sign (a visit by two, a panel of three).
    ``limit`` is the step's own time limit; for a notice or a window it is its length.
    ``form`` captures the step's record; it is drawn and checked by the same code for every item.
    ``act`` says what a window asks; ``lapse_withdraws`` treats a window that ran out unconfirmed as a withdrawal.
    ``stops_clock`` leaves the step out of the case's time limit.
    ``automatic`` lets the machine do an intake, a match or a decision by the item's own refusals and checks, for
    things done at once.
    ``reenter`` names the fields of the application (or `Reenter` with its conditions) typed again in this step.
    """

    kind: StepKind
    title: Text
    role: str = ""
    key: str = ""
    level: OfficeLevel = OfficeLevel.ANY
    officers: int = 1
    limit: Limit | None = None
    law: Article | None = None
    extension: Extension | None = None
    form: type[forms.Form] | None = None
    act: WindowAct | None = None
    lapse_withdraws: bool = False
    stops_clock: bool = False
    automatic: bool = False
    reenter: tuple[Reenter | str, ...] = ()

    @property
    def name(self) -> str:
        """The key stored with a case: the given one, else the kind."""
        return self.key or self.kind.value

    @property
    def again(self) -> tuple[Reenter, ...]:
        """The fields typed again in this step."""
        return tuple(Reenter(one) if isinstance(one, str) else one for one in self.reenter)
