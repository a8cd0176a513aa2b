"""The indicators of social insurance: what is counted, from where, and by which law."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .register import Indicator, Ratio, register_indicator

LEDGER, LEVY, BENEFITS, CASES = _("Fund ledger"), _("Levy records"), _("Benefit records"), _("Case records")
MONTH_END, OF_MONTH, OF_YEAR = _("end of the month"), _("the month"), _("January to the month")
FUND_LAW = _("Social Insurance Law, articles 64–71; Cai She [2017] No. 144")
SOURCES = _("Social Insurance Law, article 69; statistical return system of the ministry")
AGE = "least(greatest(extract(year from age(%(last)s::date, p.birth_on))::int / 10 * 10, 10), 80)::text"

_INSURED = """select e.region_code, e.scheme, e.person_id from {levy.enrolment} e
where e.valid_during @> %(last)s::date and e.scheme <> '510'
union all
select m.region_code, '170', m.person_id from {residents.member} m
where m.enrolled_on <= %(last)s::date and coalesce(m.ended_on, 'infinity') > %(last)s::date
  and not exists (select 1 from {common.benefit} b where b.person_id = m.person_id and b.scheme = '170'
                  and b.start_month <= %(month)s)"""
_DRAWING = """select b.region_code, b.scheme, b.person_id, b.id from {common.benefit} b
where b.kind = 'pension' and b.start_month <= %(month)s and coalesce(b.end_month, 999912) >= %(month)s"""
_MONEY = """select region_code, scheme, '' as part, {sign}sum(amount_fen)::bigint as value from {fund.movement}
where month {range} and code like '{codes}' and journal_kind <> 'fund.year_end' group by 1, 2"""


def _money(codes: str, sign: str, period: str) -> str:
    return _MONEY.replace("{codes}", codes).replace("{sign}", sign).replace("{range}", period)


def _counted(people: str) -> str:
    return f"select region_code, scheme, '' as part, count(*) as value from ({people}) c group by 1, 2"  # noqa: S608


def _by_age(people: str) -> str:
    return (
        f"select c.region_code, c.scheme, {AGE} as part, count(*) as value from ({people}) c"  # noqa: S608
        " join registry_person p on p.id = c.person_id group by 1, 2, 3"
    )


_DUE = """select region_code, case scheme when '510' then '310' else scheme end as scheme, '' as part,
  sum(due_fen)::bigint as value
from (select region_code, scheme, due_fen from {levy.owed} where month = %(month)s
      union all
      select region_code, scheme, due_fen from {levy.line} where month = %(month)s and paid_month is not null) d
group by 1, 2"""
_PAID_OF_DUE = """select region_code, case scheme when '510' then '310' else scheme end as scheme, '' as part,
  sum(paid_fen)::bigint as value
from (select region_code, scheme, paid_fen from {levy.received} where bill_month = %(month)s and month <= %(month)s
      union all
      select region_code, scheme, due_fen from {levy.line} where month = %(month)s and paid_month is not null) d
group by 1, 2"""

for _indicator in (
    Indicator(
        code="insured", title=pgettext_lazy("figure", "Insured"), unit="person_times", source=LEVY, period=MONTH_END, law=SOURCES,
        formula=_("People with an enrolment in force on the last day of the month; residents who do not draw a pension yet. All funds together: one person counts once for each insurance."),
        sql=_counted(_INSURED), rising_is_good=True,
    ),
    Indicator(
        code="payers", title=_("Paying"), unit="person_times", source=LEVY, period=OF_MONTH, law=SOURCES,
        formula=_("People with a contribution line for the month."),
        sql="select region_code, scheme, '' as part, count(distinct person_id) as value from {levy.line} where for_month = %(month)s and month <= %(month)s and scheme <> '510' group by 1, 2",
        rising_is_good=True,
    ),
    Indicator(
        code="employers", title=_("Paying units"), unit="units", source=LEVY, period=OF_MONTH, law=SOURCES,
        formula=_("Units with a contribution line billed in the month."),
        sql="select region_code, scheme, '' as part, count(distinct unit_id) as value from {levy.line} where month = %(month)s and unit_id > 0 and scheme <> '510' group by 1, 2",
        rising_is_good=True,
    ),
    Indicator(
        code="pensioners", title=_("Pensioners"), unit="persons", source=BENEFITS, period=MONTH_END, law=SOURCES,
        formula=_("People with a pension that has begun and not ended; interrupted ones included."),
        sql=_counted(_DRAWING),
    ),
    Indicator(
        code="insured_age", title=_("Insured by age"), unit="person_times", source=LEVY, period=MONTH_END, law=SOURCES,
        formula=_("Insured people by completed years of age on the last day of the month."), sql=_by_age(_INSURED),
    ),
    Indicator(
        code="pensioners_age", title=_("Pensioners by age"), unit="persons", source=BENEFITS, period=MONTH_END, law=SOURCES,
        formula=_("Pensioners by completed years of age on the last day of the month."), sql=_by_age(_DRAWING),
    ),
    Indicator(
        code="income", title=_("Fund income"), unit="fen", digits=2, source=LEDGER, period=OF_MONTH, law=FUND_LAW,
        formula=_("Turnover of the income accounts 4xxx, without the closing entries of the year."),
        sql=_money("4%%", "-", "= %(month)s"), rising_is_good=True,
    ),
    Indicator(
        code="expense", title=_("Fund expense"), unit="fen", digits=2, source=LEDGER, period=OF_MONTH, law=FUND_LAW,
        formula=_("Turnover of the expense accounts 5xxx, without the closing entries of the year."),
        sql=_money("5%%", "", "= %(month)s"), rising_is_good=False,
    ),
    Indicator(
        code="income_year", title=_("Fund income this year"), unit="fen", digits=2, source=LEDGER, period=OF_YEAR, law=FUND_LAW,
        formula=_("Sum of the fund income from January."), sql=_money("4%%", "-", "between %(january)s and %(month)s"),
        rising_is_good=True,
    ),
    Indicator(
        code="expense_year", title=_("Fund expense this year"), unit="fen", digits=2, source=LEDGER, period=OF_YEAR, law=FUND_LAW,
        formula=_("Sum of the fund expense from January."), sql=_money("5%%", "", "between %(january)s and %(month)s"),
        rising_is_good=False,
    ),
    Indicator(
        code="balance", title=_("Fund balance"), unit="fen", digits=2, source=LEDGER, period=MONTH_END, law=FUND_LAW,
        formula=_("Assets less liabilities at the end of the month."),
        sql="select region_code, scheme, '' as part, sum(amount_fen)::bigint as value from {fund.movement} where month <= %(month)s and code < '3' group by 1, 2",
        rising_is_good=True,
    ),
    Indicator(
        code="due", title=_("Contributions due"), unit="fen", digits=2, source=LEVY, period=OF_MONTH, law=_("Social Insurance Law, articles 60–63"),
        formula=_("Bills of the month without cancelled ones; months taken over count as their lines say."), sql=_DUE,
        rising_is_good=True,
    ),
    Indicator(
        code="collected", title=_("Contributions collected"), unit="fen", digits=2, source=LEVY, period=OF_MONTH, law=_("Social Insurance Law, articles 60–63"),
        formula=_("Money set against the bills of the month, received by the end of the month."), sql=_PAID_OF_DUE,
        rising_is_good=True,
    ),
    Indicator(
        code="pension_due", title=_("Pensions due"), unit="fen", digits=2, source=BENEFITS, period=OF_MONTH, law=_("Social Insurance Law, articles 15–16"),
        formula=_("Parts of the monthly pensions in force in the month."),
        sql=f"select d.region_code, d.scheme, '' as part, sum(c.amount_fen)::bigint as value from ({_DRAWING}) d join {{common.part}} c on c.benefit_id = d.id and c.from_month <= %(month)s group by 1, 2",  # noqa: S608
    ),
    Indicator(
        code="paid_out", title=_("Benefits paid out"), unit="fen", digits=2, source=LEDGER, period=OF_MONTH, law=FUND_LAW,
        formula=_("Payments of the month's run that reached their payee, by the place the person belongs to."),
        sql="select region_code, fund as scheme, '' as part, sum(amount_fen)::bigint as value from {fund.paid} where run_month = %(month)s group by 1, 2",
    ),
    Indicator(
        code="closed", title=_("Cases decided"), unit="cases", source=CASES, period=OF_MONTH, law=_("Regulation on Social Insurance Administration, articles 13–30"),
        formula=_("Cases decided in the month."),
        sql="select c.region_code, '' as scheme, '' as part, count(*) as value from cases_decision d join cases_case c on c.id = d.case_id where d.decided_at >= %(first)s::date and d.decided_at < %(last)s::date + 1 group by 1",
        rising_is_good=True,
    ),
    Indicator(
        code="closed_in_time", title=_("Cases decided in time"), unit="cases", source=CASES, period=OF_MONTH, law=_("Regulation on Social Insurance Administration, articles 13–30"),
        formula=_("Decided cases whose decision was not after the promised limit, or the legal one where none is promised."),
        sql="select c.region_code, '' as scheme, '' as part, count(*) as value from cases_decision d join cases_case c on c.id = d.case_id where d.decided_at >= %(first)s::date and d.decided_at < %(last)s::date + 1 and d.decided_at::date <= coalesce(c.promised_on, c.due_on, d.decided_at::date) group by 1",
        rising_is_good=True,
    ),
    Indicator(
        code="dependency", title=_("Dependency ratio"), unit="workers", digits=2, source=LEVY, period=MONTH_END, law=_("Guo Fa [2018] No. 18"),
        formula=_("Insured ÷ pensioners of the same insurance."), ratio=Ratio("insured", "pensioners", 100, of_one_fund=True),
        rising_is_good=True,
    ),
    Indicator(
        code="months_payable", title=_("Months payable"), unit="months", digits=1, source=LEDGER, period=MONTH_END, law=_("Cai She [2017] No. 144"),
        formula=_("Fund balance ÷ average monthly expense of the year so far."),
        ratio=Ratio("balance", "expense_year", 10, by_month=True), rising_is_good=True,
    ),
    Indicator(
        code="collection_rate", title=_("Collection rate"), unit="percent", digits=2, source=LEVY, period=OF_MONTH, law=_("Social Insurance Law, articles 60–63"),
        formula=_("Contributions collected ÷ contributions due."), ratio=Ratio("collected", "due", 10_000),
        rising_is_good=True,
    ),
    Indicator(
        code="average_pension", title=_("Average pension"), unit="fen", digits=2, source=BENEFITS, period=OF_MONTH, law=_("Social Insurance Law, articles 15–18"),
        formula=_("Pensions due ÷ pensioners."), ratio=Ratio("pension_due", "pensioners", 1, of_one_fund=True), rising_is_good=True,
    ),
    Indicator(
        code="on_time", title=_("Cases on time"), unit="percent", digits=2, source=CASES, period=OF_MONTH, law=_("Regulation on Social Insurance Administration, articles 13–30"),
        formula=_("Cases decided in time ÷ cases decided."), ratio=Ratio("closed_in_time", "closed", 10_000),
        rising_is_good=True,
    ),
):  # fmt: skip
    register_indicator(_indicator)
