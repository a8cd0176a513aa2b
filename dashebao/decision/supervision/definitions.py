"""The rules of supervision as data: payments and awards that should not be, contributions missing, odd work of officers."""

from django.utils.translation import gettext_lazy as _

from .register import Rule, register_rule

PAYMENT_LAW = _(
    "Social Insurance Law, article 88; Measures for the Supervision of Social Insurance Funds (ministry order No. 48)"
)
CONTROL_LAW = _("Regulation on Social Insurance Administration, articles 36–38; Lao She Bu Fa [2007] No. 2")

_DEATH = """select 'line:' || p.month || ':' || p.line_id as subject, p.region_code, p.person_id,
  null::bigint as unit_id, ''::text as case_no, p.month, p.amount_fen,
  jsonb_build_object('died_on', h.died_on, 'for_month', p.month, 'paid_on', p.paid_on, 'scheme', p.scheme) as facts
from {fund.paid} p join registry_person h on h.id = p.person_id
where p.run_month = %(month)s and p.benefit_kind in ('pension', 'arrears', 'adjustment')
  and h.died_on < to_date(p.month::text, 'YYYYMM')"""
_PRISON = """select distinct on (1) 'line:' || p.month || ':' || p.line_id as subject, p.region_code, p.person_id,
  null::bigint as unit_id, ''::text as case_no, p.month, p.amount_fen,
  jsonb_build_object('since', lower(f.valid_during), 'for_month', p.month, 'paid_on', p.paid_on, 'source', f.source) as facts
from {fund.paid} p join registry_personfact f on f.person_id = p.person_id and f.kind = 'imprisonment'
  and f.valid_during @> to_date(p.month::text, 'YYYYMM')
where p.run_month = %(month)s and p.benefit_kind = 'pension' order by 1"""
_TWO_SCHEMES = """select 'twice:' || p.month || ':' || p.person_id as subject, min(p.region_code) as region_code, p.person_id,
  null::bigint as unit_id, ''::text as case_no, p.month, sum(p.amount_fen)::bigint as amount_fen,
  jsonb_build_object('schemes', jsonb_agg(distinct p.scheme), 'for_month', p.month) as facts
from {fund.paid} p where p.run_month = %(month)s and p.benefit_kind = 'pension' group by p.person_id, p.month
having count(distinct p.scheme) > 1"""
_ONE_ACCOUNT = """select 'account:' || p.run_month || ':' || min(p.payee_person_id) as subject, min(p.region_code) as region_code,
  min(p.payee_person_id) as person_id, null::bigint as unit_id, ''::text as case_no, p.run_month as month,
  sum(p.amount_fen)::bigint as amount_fen,
  jsonb_build_object('account_end', min(right(p.account_number, 4)), 'people', jsonb_agg(distinct p.payee_person_id)) as facts
from {fund.paid} p where p.run_month = %(month)s and p.account_number <> ''
group by left(p.account_number, 23), p.run_month having count(distinct p.payee_person_id) > 1"""
_TOO_YOUNG = """select 'young:' || p.scheme || ':' || p.person_id as subject, min(p.region_code) as region_code, p.person_id,
  null::bigint as unit_id, ''::text as case_no, %(month)s::int as month, sum(p.amount_fen)::bigint as amount_fen,
  jsonb_build_object('birth_on', h.birth_on, 'scheme', p.scheme) as facts
from {fund.paid} p join registry_person h on h.id = p.person_id
where p.run_month = %(month)s and p.benefit_kind = 'pension'
  and h.birth_on + make_interval(years => case when p.scheme = '170' then %(resident_years)s when h.sex = '2' then %(women_years)s
                                          else %(men_years)s end) > to_date(p.month::text, 'YYYYMM') + interval '1 month'
group by p.person_id, p.scheme, h.birth_on"""
_TOO_MUCH = """with usual as (
  select fund, benefit_kind, percentile_cont(0.5) within group (order by amount_fen) as middle from {fund.paid} u
  where u.run_month = %(month)s group by 1, 2 having count(*) >= %(at_least)s)
select 'line:' || p.month || ':' || p.line_id as subject, p.region_code, p.person_id, null::bigint as unit_id,
  ''::text as case_no, p.month, p.amount_fen,
  jsonb_build_object('median_fen', usual.middle::bigint, 'times', round((p.amount_fen / usual.middle)::numeric, 1)) as facts
from {fund.paid} p join usual on usual.fund = p.fund and usual.benefit_kind = p.benefit_kind
where p.run_month = %(month)s and p.amount_fen > %(times)s * usual.middle"""
_NEW_ACCOUNT = """select 'line:' || p.month || ':' || p.line_id as subject, p.region_code, p.person_id,
  null::bigint as unit_id, ''::text as case_no, p.month, p.amount_fen,
  jsonb_build_object('changed_on', lower(a.valid_during), 'paid_on', p.paid_on, 'account_end', right(p.account_number, 4)) as facts
from {fund.paid} p join registry_bankaccount a on a.person_id = p.payee_person_id and a.digest = left(p.account_number, 23)
  and lower(a.valid_during) between p.paid_on - %(days)s::int and p.paid_on
where p.run_month = %(month)s and p.amount_fen >= %(from_fen)s
  and exists (select 1 from registry_bankaccount b where b.person_id = a.person_id and upper(b.valid_during) = lower(a.valid_during))"""
_NEGATIVE = """select 'balance:' || s.account_id || ':' || s.holder || ':' || s.part as subject,
  coalesce(nullif(s.place, ''), b.region) as region_code, s.holder as person_id, null::bigint as unit_id, ''::text as case_no,
  %(month)s::int as month, s.balance_fen as amount_fen, jsonb_build_object('part', s.part, 'scheme', b.fund) as facts
from ledger_subaccount s join ledger_account a on a.id = s.account_id join ledger_book b on b.id = a.book_id
where s.balance_fen < 0 and a.holder_kind = 'person'"""
_NO_CONTRIBUTION = """select 'enrolment:' || e.person_id || ':' || lower(e.valid_during) as subject, e.region_code, e.person_id,
  e.unit_id, ''::text as case_no, %(month)s::int as month, null::bigint as amount_fen,
  jsonb_build_object('since', lower(e.valid_during), 'scheme', e.scheme) as facts
from {levy.enrolment} e
where e.scheme = '110' and e.valid_during @> %(last)s::date
  and lower(e.valid_during) < %(first)s::date - make_interval(months => %(months)s)
  and not exists (select 1 from levy_contributionline l where l.person_id = e.person_id
                  and l.for_month >= to_char(%(first)s::date - make_interval(months => %(months)s), 'YYYYMM')::int)"""
_DEAD_INSURED = """select 'enrolment:' || e.person_id || ':' || e.scheme as subject, e.region_code, e.person_id, e.unit_id,
  ''::text as case_no, %(month)s::int as month, null::bigint as amount_fen,
  jsonb_build_object('died_on', h.died_on, 'since', lower(e.valid_during)) as facts
from {levy.enrolment} e join registry_person h on h.id = e.person_id
where e.scheme = '110' and h.died_on < %(first)s::date and e.valid_during @> %(last)s::date"""
_SHORT = """select 'award:' || a.id as subject, a.region_code, a.person_id, null::bigint as unit_id, a.case_no,
  a.start_month as month, null::bigint as amount_fen,
  jsonb_build_object('months', a.months, 'needed', %(least_months)s::int, 'start_month', a.start_month) as facts
from {pension.award} a where a.months < %(least_months)s and a.start_month >= %(since_month)s and a.start_month <= %(month)s"""
_WORKING_PENSIONER = """select 'working:' || b.person_id as subject, b.region_code, b.person_id, e.unit_id, ''::text as case_no,
  %(month)s::int as month, b.monthly_fen as amount_fen,
  jsonb_build_object('since', lower(e.valid_during), 'start_month', b.start_month) as facts
from {common.benefit} b join {levy.enrolment} e on e.person_id = b.person_id and e.scheme = '110' and e.valid_during @> %(last)s::date
where b.scheme = '110' and b.kind = 'pension' and b.state = 'running' and b.start_month < %(month)s"""
_NEAR_RETIREMENT = """select 'unit:' || e.unit_id || ':' || %(month)s as subject, min(e.region_code) as region_code,
  null::bigint as person_id, e.unit_id, ''::text as case_no, %(month)s::int as month, null::bigint as amount_fen,
  jsonb_build_object('new_staff', count(*), 'near', count(*) filter (where age(%(last)s::date, h.birth_on) >= make_interval(years => %(years)s))) as facts
from {levy.enrolment} e join registry_person h on h.id = e.person_id
where e.scheme = '110' and e.unit_id is not null and lower(e.valid_during) > %(first)s::date - make_interval(months => %(months)s)
group by e.unit_id having count(*) >= %(at_least)s
  and count(*) = count(*) filter (where age(%(last)s::date, h.birth_on) >= make_interval(years => %(years)s))"""
_OWN_CASE = """select 'case:' || c.case_no || ':' || s.officer_id as subject, c.region_code, c.person_id, null::bigint as unit_id,
  c.case_no, to_char(s.signed_at, 'YYYYMM')::int as month, null::bigint as amount_fen,
  jsonb_build_object('officer', s.officer_name, 'step', s.step_key, 'related', case when u.person_id = any(c.party_person_ids) then 'self' else 'household' end) as facts
from cases_signature s join cases_case c on c.id = s.case_id join identity_user u on u.id = s.officer_id
where u.person_id is not null and s.signed_at >= %(first)s::date and s.signed_at < %(last)s::date + 1
  and (u.person_id = any(c.party_person_ids) or exists (
    select 1 from registry_householdmember a join registry_householdmember b on b.household_id = a.household_id
    where a.person_id = u.person_id and b.person_id = any(c.party_person_ids)
      and a.valid_during @> s.signed_at::date and b.valid_during @> s.signed_at::date))"""
_AT_NIGHT = """select 'night:' || a.actor_id || ':' || (a.at at time zone 'Asia/Shanghai')::date as subject,
  coalesce(max(nullif(o.region_code, '')), min(a.region_code)) as region_code, null::bigint as person_id, null::bigint as unit_id, ''::text as case_no,
  %(month)s::int as month, null::bigint as amount_fen,
  jsonb_build_object('officer', max(a.actor_name), 'day', (a.at at time zone 'Asia/Shanghai')::date, 'acts', count(*)) as facts
from records_auditentry a join identity_user u on u.id = a.actor_id join identity_office o on o.id = u.office_id
where a.actor_kind = 'officer' and a.at >= %(first)s::date and a.at < %(last)s::date + 1
  and extract(hour from a.at at time zone 'Asia/Shanghai') not between %(from_hour)s and %(to_hour)s
  and a.verb not like 'identity.%%'
group by a.actor_id, (a.at at time zone 'Asia/Shanghai')::date having count(*) >= %(at_least)s"""
_BULK = """select 'bulk:' || a.actor_id || ':' || (a.at at time zone 'Asia/Shanghai')::date as subject,
  max(o.region_code) as region_code, null::bigint as person_id, null::bigint as unit_id, ''::text as case_no,
  %(month)s::int as month, null::bigint as amount_fen,
  jsonb_build_object('officer', max(a.actor_name), 'day', (a.at at time zone 'Asia/Shanghai')::date,
                     'people', count(distinct a.subject_person_id)) as facts
from records_auditentry a join identity_user u on u.id = a.actor_id join identity_office o on o.id = u.office_id
where a.actor_kind = 'officer' and a.verb = 'person.viewed' and a.at >= %(first)s::date and a.at < %(last)s::date + 1
group by a.actor_id, (a.at at time zone 'Asia/Shanghai')::date
having count(distinct a.subject_person_id) > %(people)s"""

for _rule in (
    Rule(code="paid_after_death", title=_("Paid after death"), area="payment", gravity=3, law=PAYMENT_LAW, sql=_DEATH,
         question=_("Payments for months after the month in which the person died.")),
    Rule(code="paid_in_prison", title=_("Paid while in prison"), area="payment", gravity=3, law=_("Lao She Ting Han [2001] No. 44"), sql=_PRISON,
         question=_("Pensions for months in which the person was serving a sentence.")),
    Rule(code="paid_twice", title=_("Paid in two insurances"), area="payment", gravity=3, law=_("Ren She Bu Fa [2014] No. 17; Social Insurance Law, article 88"), sql=_TWO_SCHEMES,
         question=_("People who drew a pension from more than one insurance for the same month.")),
    Rule(code="one_account", title=_("One account for several people"), area="payment", gravity=2, law=PAYMENT_LAW, sql=_ONE_ACCOUNT,
         question=_("Bank accounts into which benefits of more than one person were paid in the month.")),
    Rule(code="too_young", title=_("Age below the rule"), area="payment", gravity=3, law=_("State Council measures on the gradual raising of the retirement age (2024)"), sql=_TOO_YOUNG,
         question=_("Pensioners younger than the lowest age at which a pension can begin."),
         parameters={"men_years": 50, "women_years": 45, "resident_years": 60}),
    Rule(code="too_much", title=_("Amount far above the usual"), area="payment", gravity=2, law=PAYMENT_LAW, sql=_TOO_MUCH,
         question=_("Payments of more than so many times the median of the same benefit in the month."),
         parameters={"times": 5, "at_least": 20}),
    Rule(code="new_account", title=_("Bank account changed just before payment"), area="payment", gravity=1, law=CONTROL_LAW, sql=_NEW_ACCOUNT,
         question=_("Payments to an account that was changed a few days before."), parameters={"days": 15, "from_fen": 100_000}),
    Rule(code="negative_balance", title=_("Personal account below zero"), area="award", gravity=3, law=_("Social Insurance Law, article 14"), sql=_NEGATIVE,
         question=_("Parts of personal accounts with a balance below zero.")),
    Rule(code="too_few_months", title=_("Award without enough contribution months"), area="award", gravity=2, law=_("Social Insurance Law, article 16"), sql=_SHORT,
         question=_("Awards of recent years with fewer contribution months than the law asks for."),
         parameters={"least_months": 180, "since_month": 202001}),
    Rule(code="working_pensioner", title=_("Pensioner insured as an employee"), area="award", gravity=2, law=_("Social Insurance Law, articles 10 and 16"), sql=_WORKING_PENSIONER,
         question=_("People who draw an employees' pension and are enrolled in it as well.")),
    Rule(code="no_contribution", title=_("Enrolled without contributions"), area="levy", gravity=1, law=_("Social Insurance Law, article 60"), sql=_NO_CONTRIBUTION,
         question=_("Enrolments in force for which nothing was assessed for several months."), parameters={"months": 3}),
    Rule(code="dead_insured", title=_("Enrolled after death"), area="levy", gravity=2, law=_("Regulation on Social Insurance Administration, article 15"), sql=_DEAD_INSURED,
         question=_("People who died before the month and are still enrolled.")),
    Rule(code="near_retirement", title=_("New staff all near retirement"), area="levy", gravity=1, law=_("Social Insurance Law, article 88"), sql=_NEAR_RETIREMENT,
         question=_("Units whose newly enrolled staff are all close to retirement."),
         parameters={"months": 12, "years": 52, "at_least": 3}),
    Rule(code="own_case", title=_("Own case or a relative's"), area="control", gravity=3, law=CONTROL_LAW, sql=_OWN_CASE,
         question=_("Officers who signed a step of a case of their own or of somebody of their household.")),
    Rule(code="at_night", title=_("Work at night"), area="control", gravity=1, law=CONTROL_LAW, sql=_AT_NIGHT,
         question=_("Officers who worked on records between late evening and early morning."),
         parameters={"from_hour": 6, "to_hour": 21, "at_least": 10}),
    Rule(code="bulk_query", title=_("Many people looked up"), area="control", gravity=2, law=_("Regulation on Social Insurance Administration, article 49; Personal Information Protection Law, article 51"), sql=_BULK,
         question=_("Officers who opened the records of more people in a day than the work explains."), parameters={"people": 120}),
):  # fmt: skip
    register_rule(_rule)
