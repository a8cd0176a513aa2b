"""Values of indicators by region, scheme and month."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.records.api import History, Mark, Record, Scope


class IndicatorValue(Record):
    """One indicator of one region in one month; whole numbers in the indicator's smallest unit (fen, persons, 0.01 %).

    `scheme` is a fund ("" = all funds together), `part` a class within the indicator, e.g. an age group ("" = whole).
    Rows are computed from the sources and can be computed again at any time, so they keep no history.
    """

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {}

    month = models.IntegerField()
    code = models.CharField(max_length=40)
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3, blank=True)
    part = models.CharField(max_length=20, blank=True)
    value = models.BigIntegerField()
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "region_code", "scheme", "month", "part"], name="indicators_value_once"
            ),
        ]
        indexes = [models.Index(fields=["month", "code", "scheme"], name="indicators_value_of_month")]
