"""The guards against overlapping enrolments compare the period in a way that no query by a day can use."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.indexes import OpClass
from django.db import migrations
from django.db.models import F, Func, Value

OVERLAP = "&&"


def _period() -> Func:
    return Func(F("valid_during"), template="(%(expressions)s * '(,)'::daterange)")


def _guard(name: str, *expressions: Any) -> list[migrations.operations.base.Operation]:
    guard = ExclusionConstraint(name=name, expressions=[*expressions, (_period(), OVERLAP)])
    return [migrations.RemoveConstraint("enrolment", name), migrations.AddConstraint("enrolment", guard)]


class Migration(migrations.Migration):
    dependencies = [("levy", "0006_totals_compared_when_asked")]

    operations = [
        *_guard(
            "levy_one_enrolment_per_scheme",
            ("person", "="),
            (
                OpClass(
                    Func(F("schemes"), Value(410), arg_joiner=" - ", template="(%(expressions)s)"), name="gist__int_ops"
                ),
                OVERLAP,
            ),
        ),
        *_guard(
            "levy_one_employment_per_unit",
            ("person", "="),
            ("unit", "="),
            (OpClass("schemes", name="gist__int_ops"), OVERLAP),
        ),
    ]
