"""Computes the indicators of a month, set-based, into the table of values."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.db import connection

from dashebao.platform.data_centre.api import composed

from .register import Indicator, indicators

_CLEAR = "delete from indicators_indicatorvalue where month = %(month)s and code = any(%(codes)s)"
# Every figure of a county also counts in its city and province; and every figure of a fund in all funds together.
_MEASURE = """
insert into indicators_indicatorvalue (month, code, region_code, scheme, part, value)
select %(month)s, %(code)s, place.code, coalesce(m.scheme, ''), m.part, sum(m.value)::bigint
from ({sql}) m
cross join lateral (select distinct x.code from (values
  (left(m.region_code, 2) || '0000'), (left(m.region_code, 4) || '00'), (m.region_code)) x(code)) place
group by grouping sets ((place.code, m.scheme, m.part), (place.code, m.part))
having m.scheme is null or m.scheme <> ''"""
# One pass over both figures instead of a join: freshly written rows have no statistics a join could be planned by.
_RATIO = """
insert into indicators_indicatorvalue (month, code, region_code, scheme, part, value)
select month, %(code)s, region_code, scheme, part, round(min(value) filter (where code = %(above)s) * %(scale)s::numeric
  / min(value) filter (where code = %(below)s))::bigint
from indicators_indicatorvalue
where month = %(month)s and code in (%(above)s, %(below)s) and (scheme <> '' or not %(of_one_fund)s)
group by month, region_code, scheme, part
having min(value) filter (where code = %(below)s) > 0 and count(*) filter (where code = %(above)s) > 0"""


def compute(month: int) -> int:
    """Compute every indicator of a month (yyyymm) anew, for all regions; returns the number of values.

    Runs in the caller's transaction; the number of statements does not depend on the number of people.
    """
    known = indicators()
    year, number = divmod(month, 100)
    days: dict[str, Any] = {"first": date(year, number, 1), "last": date(year, number, monthrange(year, number)[1])}
    values: dict[str, Any] = {"month": month, "january": year * 100 + 1, **days}
    written = 0
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, {"month": month, "codes": list(known)})
        for one in sorted(known.values(), key=lambda one: one.ratio is not None):
            statement, given = _statement(one, number)
            cursor.execute(statement, {**values, **given})
            written += cursor.rowcount
    return written


def _statement(one: Indicator, number: int) -> tuple[str, dict[str, Any]]:
    if one.ratio is None:
        return _MEASURE.replace("{sql}", composed(one.sql)), {"code": one.code}
    scale = one.ratio.scale * (number if one.ratio.by_month else 1)
    given = {"above": one.ratio.above, "below": one.ratio.below, "of_one_fund": one.ratio.of_one_fund}
    return _RATIO, {"code": one.code, "scale": scale, **given}
