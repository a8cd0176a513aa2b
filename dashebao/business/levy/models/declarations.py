"""What units declare: the monthly and the annual declaration, its rows, and the wage that then counts for each person."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import Family, SealedField, sealed_check


class Channel(models.TextChoices):
    """How a declaration came in."""

    FORM = "form", _("Web form")
    EXCEL = "excel", _("Excel file")
    TAX = "tax", _("Tax office")
    COUNTER = "counter", _("Counter")


class DeclarationKind(models.TextChoices):
    """What is declared."""

    MONTHLY = "monthly", _("Monthly declaration")
    ANNUAL = "annual", _("Annual base declaration")


class Declaration(Record):
    """缴费申报: one accepted statement of a unit for a month (社会保险费征缴暂行条例 10); never changed, a later one counts."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    month = models.IntegerField()
    kind = models.CharField(max_length=8, choices=DeclarationKind)
    channel = models.CharField(max_length=8, choices=Channel)
    row_count = models.IntegerField()
    refused_count = models.IntegerField(default=0)
    wage_total_fen = models.BigIntegerField()
    unchanged = models.BooleanField(default=False)
    case_no = models.CharField(max_length=40, blank=True)
    declared_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "month"], name="levy_declaration_of_unit"),
            models.Index(fields=["month", "unit_id"], name="levy_declaration_of_month"),
        ]


class DeclarationRow(Record):
    """A row of a declaration file as it came in, with what was wrong with it; refused rows come again in a later file."""

    history = History.FROZEN
    scope = Scope(region="region_code", person="person_id", unit="unit_id")
    personal = {"id_number": Mark.IDENTITY, "name": Mark.NAME, "wage_fen": Mark.WAGE}

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="rows")
    unit_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    row_no = models.IntegerField()
    person_id = models.BigIntegerField(null=True)
    id_number = SealedField(family=Family.IDENTITY, holders=["unit_id"])
    name = models.CharField(max_length=60, blank=True)
    wage_fen = models.BigIntegerField(null=True)
    accepted = models.BooleanField()
    problem = models.CharField(max_length=24, blank=True)
    notices = models.JSONField(default=list)

    class Meta:
        constraints = [sealed_check("levy_declared_number_sealed", "id_number", ["unit_id"])]


class WageSource(models.IntegerChoices):
    """Where a wage came from."""

    ENROLMENT = 1, _("Enrolment")
    MONTHLY = 2, _("Monthly declaration")
    ANNUAL = 3, _("Annual base declaration")
    CHOSEN = 4, _("Chosen by the flexible worker")
    AUDIT = 5, _("Found by inspection")
    LOADED = 6, _("Taken over from the former system")


class Wage(Record):
    """申报工资: the wage that counts from a month on, as declared (limits are applied at assessment, per scheme).

    The row with the newest `from_month`, then the newest id, counts. A flexible worker may choose another base for
    medical insurance. `unit_id` 0 = the person pays alone.
    """

    history = History.FROZEN
    scope = Scope(region="region_code", person="person_id", unit="unit_id")
    personal = {"wage_fen": Mark.WAGE, "medical_wage_fen": Mark.INCOME}

    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    from_month = models.IntegerField()
    wage_fen = models.BigIntegerField()
    medical_wage_fen = models.BigIntegerField(null=True)
    source = models.SmallIntegerField(choices=WageSource)
    declaration_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_id", "person_id", "from_month"], name="levy_wage_that_counts")]
        constraints = [models.CheckConstraint(name="levy_wage_not_negative", condition=Q(wage_fen__gte=0))]
