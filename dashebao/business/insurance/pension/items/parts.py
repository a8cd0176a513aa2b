"""Parts that the pension's service items share: fields, looked-up checks, and how several traces become one sheet."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.api import live_benefit
from dashebao.kernel.catalogue.api import CaseFacts, Check, Material, Step, StepKind
from dashebao.kernel.records.api import SYSTEM, Actor, current_actor
from dashebao.kernel.registry.api import Person, bank_account_of, possible_duplicates

IDENTITY_CARD = Material(
    "居民身份证", "Resident identity card", identity=True, fetched_from=gettext_lazy("the public security register")
)
FOUR_EYES = (
    Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
    Step(kind=StepKind.REVIEW, title=gettext_lazy("Review"), role="pension.assessor"),
    Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
)


def month_of_answer(text: str) -> int:
    """An answer of a month field as yyyymm."""
    return int(text[:4]) * 100 + int(text[5:7])


def today() -> date:
    """Today at the office."""
    return timezone.localdate()


def deciding(case: CaseFacts) -> Actor:
    """Who carries the decision out: the deciding officer's context, the system if time decided."""
    return current_actor() or SYSTEM


def identity_checks(human: Person) -> list[Check]:
    """Identity, life, duplicates and bank account of the person concerned."""
    twins = list(possible_duplicates(human.id))
    account = bank_account_of(human.id)
    return [
        Check(_("Identity"), human.name, True),
        Check(
            _("Alive according to the registry"),
            _("Died on %(on)s") % {"on": human.died_on} if human.died_on else _("No death recorded"),
            human.died_on is None,
            blocking=True,
        ),
        Check(
            _("Registered once"),
            _("%(count)d similar records") % {"count": len(twins)} if twins else _("No similar record"),
            not twins,
        ),
        Check(
            _("Bank account for payment"),
            _("Account ending in %(tail)s") % {"tail": account.number[-4:]} if account else _("No account on record"),
            account is not None,
        ),
    ]


def no_pension_check(human: Person) -> Check:
    """No other pension is being paid, under either scheme."""
    running = live_benefit(human.id)
    text = _("Pension of scheme %(scheme)s since %(month)s") if running else _("None")
    given = {"scheme": running.scheme, "month": running.start_month} if running else {}
    return Check(_("Other pension"), text % given, running is None, blocking=True)


def one_sheet(traces: Iterable[Mapping[str, Any]], results: Mapping[str, Any]) -> dict[str, Any] | None:
    """Several traces as one: the lines in the order of calculation, the title of the last, the results of the whole."""
    rows = [dict(trace) for trace in traces]
    if not rows:
        return None
    last = rows[-1]
    acts = [act for trace in rows for act in trace["law"]]
    return last | {
        "lines": [line for trace in rows for line in trace["lines"]],
        "law": [act for n, act in enumerate(acts) if act not in acts[:n]],
        "results": dict(results),
    }


CATEGORY_CHOICES = (
    ("", gettext_lazy("As decided before, or man")),
    ("F55", gettext_lazy("Woman in a managing or technical post")),
    ("F50", gettext_lazy("Woman in another post")),
)
