"""The table of accounts that went from one pension scheme to the other."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.records.api import History, Mark, Record, Scope


class AccountLink(Record):
    """An account that moves between the employees' and the residents' scheme (人社部发〔2014〕17号)."""

    class State(models.TextChoices):
        SENT = "sent", _("Money on its way to the other fund")
        POSTED = "posted", _("Entered on the account of the other scheme")

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"worker_fen": Mark.BENEFIT, "employer_fen": Mark.BENEFIT}

    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    from_scheme = models.CharField(max_length=3)
    to_scheme = models.CharField(max_length=3)
    worker_fen = models.BigIntegerField()
    employer_fen = models.BigIntegerField()
    months = models.IntegerField(default=0, help_text="months of the old scheme that count in the new one")
    state = models.CharField(max_length=6, choices=State.choices, default=State.SENT)
    decided_on = models.DateField()
    case_no = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "from_scheme"], name="common_linked_once"),
            models.CheckConstraint(
                condition=Q(worker_fen__gte=0, employer_fen__gte=0) & ~Q(worker_fen=0, employer_fen=0),
                name="common_link_amounts",
            ),
        ]

    @property
    def reference(self) -> str:
        """What the payment names, so that its arrival is known again."""
        return f"linking:{self.pk}"
