"""Opens the funds with two years of books behind them: income as the records say, expense as the benefits say."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from django.db import connection

from dashebao.business.fund import api as fund
from dashebao.business.fund.rules import template
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import month_plus
from demonstration.people import Places

MONTHS = 24
PROVINCE = "440000"
# What a fund spends of a month's income where no benefit records tell it (medical, unemployment, work injury).
SPENT = {"310": 0.83, "210": 0.46, "410": 0.58}
YEARLY_RISE = 1.03

_INCOME = """
select l.month, v.fund, case when v.fund = '310' then left(l.region_code, 4) || '00' else '440000' end, sum(v.employer)::bigint,
  sum(v.worker)::bigint
from levy_contributionline l cross join lateral (values
  ('110', l.pension_employer_fen, l.pension_worker_fen),
  ('310', l.medical_employer_fen + l.maternity_employer_fen, l.medical_worker_fen),
  ('210', l.unemployment_employer_fen, l.unemployment_worker_fen),
  ('410', l.injury_employer_fen, 0)) v(fund, employer, worker)
where l.month between %s and %s and l.paid_month is not null group by 1, 2, 3 order by 1, 2, 3"""
_BENEFITS = """
select scheme, case when scheme = '110' then '440000' else left(region_code, 4) || '00' end, start_month, sum(monthly_fen)::bigint
from common_benefit where kind = 'pension' group by 1, 2, 3"""
_RESIDENTS = """
select for_year, left(region_code, 4) || '00', sum(tier_fen)::bigint, sum(subsidy_fen)::bigint
from residents_yearpayment where for_year between %s and %s group by 1, 2"""

At = tuple[str, str]  # fund and pool


@dataclass
class Flows:
    """Amounts by template, month and set of books: (detail, fen)."""

    rows: dict[tuple[str, int], list[tuple[str, str, str, int]]] = field(default_factory=lambda: defaultdict(list))
    moved: dict[At, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, template: str, month: int, at: At, detail: str, amount: int) -> None:
        """Remember one amount; nothing for zero."""
        if amount > 0:
            self.rows[template, month].append((*at, detail, amount))

    def money_in(self, month: int, at: At, parts: dict[str, int]) -> None:
        """Contributions at the treasury, moved on to the fiscal special account."""
        for detail, amount in parts.items():
            self.add("tax_receipt", month, at, detail, amount)
        self.add("treasury_transfer", month, at, "", sum(parts.values()))
        self.moved[at] += sum(parts.values())

    def money_out(self, month: int, at: At, detail: str, amount: int) -> None:
        """A fund request granted and paid out in full."""
        self.add("fund_request", month, at, "", amount)
        self.add("benefit", month, at, detail, amount)
        self.moved[at] -= amount


def open_funds(places: Places, people: int, month: int) -> None:
    """Books and bank accounts of every fund with opening money, the last two years as journals, year ends closed."""
    since = month_plus(month, 1 - MONTHS)
    flows = _flows(month, since)
    share = places.weights / places.weights.sum()
    wanted = {
        ("110", PROVINCE): people * 900_000,
        ("210", PROVINCE): people * 60_000,
        ("410", PROVINCE): people * 50_000,
    }
    for city, part in zip(places.cities, share.tolist(), strict=True):
        for scheme, per_person in (("310", 400_000), ("170", 200_000)):
            wanted[scheme, city] = max(int(people * per_person * part), 10_000_000)
    for at, amount in wanted.items():
        moved = flows.moved[at]
        fund.set_up_fund(fund.FundSetup(*at, month, amount + max(moved, 0), since=since, moved_fen=moved))
    _post(flows)
    for year in range(since // 100, month // 100):
        for scheme, pool in wanted:
            fund.close_year(scheme, pool, year)


def _post(flows: Flows) -> None:
    """Every journal in one posting, month by month in the order in which the money moves."""
    accounts: dict[tuple[str, str, str, str], int] = {}
    books: dict[At, int] = {}
    heads: list[tuple[int, str, str, int, str]] = []
    lines: list[tuple[int, int, int]] = []
    for (name, month), rows in sorted(flows.rows.items(), key=lambda item: (item[0][1], ORDER.index(item[0][0]))):
        rule = template(name)
        for scheme, pool, detail, amount in rows:
            if (scheme, pool) not in books:
                books[scheme, pool] = fund.books(scheme, pool)
            for side, signed in ((rule.debit, amount), (rule.credit, -amount)):
                at = (scheme, pool, side.code, side.detail_for(detail))
                if at not in accounts:
                    accounts[at] = fund.account(*at)
                lines.append((len(heads), accounts[at], signed))
            heads.append((books[scheme, pool], f"fund.{name}", f"takeover-{month}-{detail}", month, "接管历史账"))
    journals = ledger.JournalColumns(*(list(column) for column in zip(*heads, strict=True)))
    ledger.post_many(ledger.PostingSet(journals, ledger.LineColumns(*map(list, zip(*lines, strict=True)))))


ORDER = (
    "tax_receipt",
    "treasury_transfer",
    "residents_receipt",
    "residents_subsidy",
    "subsidy",
    "fund_request",
    "benefit",
)


def _flows(month: int, since: int) -> Flows:
    flows = Flows()
    with connection.cursor() as cursor:
        cursor.execute(_INCOME, [since, month])
        for at_month, code, pool, employer, worker in cursor.fetchall():
            flows.money_in(at_month, (code, pool), {"employer": employer, "worker": worker})
            if code in SPENT:
                season = 1 + 0.05 * np.sin(at_month % 100 * 1.7 + int(pool) % 7)
                flows.money_out(
                    at_month,
                    (code, pool),
                    "pension" if code == "110" else "",
                    int((employer + worker) * SPENT[code] * season),
                )
        cursor.execute(_BENEFITS)
        _pensions(flows, cursor.fetchall(), month, since)
        cursor.execute(_RESIDENTS, [since // 100, month // 100])
        for year, pool, tier, subsidy in cursor.fetchall():
            if since <= year * 100 + 9 <= month:
                flows.add("residents_receipt", year * 100 + 9, ("170", pool), "person", tier)
                flows.add("residents_subsidy", year * 100 + 9, ("170", pool), "fiscal", subsidy)
                flows.moved["170", pool] += tier + subsidy
    return flows


def _pensions(flows: Flows, rows: list[tuple[str, str, int, int]], month: int, since: int) -> None:
    """The pensions of every month, smaller in earlier years; residents' basic pensions are met by the budget."""
    at_month = since
    while at_month <= month:
        level = YEARLY_RISE ** (at_month // 100 - month // 100)
        sums: dict[At, int] = defaultdict(int)
        for scheme, pool, start, amount in rows:
            if start <= at_month:
                sums[scheme, pool] += int(amount * level)
        for at, amount in sums.items():
            if at[0] == "170":
                flows.add("subsidy", at_month, at, "", amount * 9 // 10)
                flows.moved[at] += amount * 9 // 10
            flows.money_out(at_month, at, "pension", amount)
        at_month = month_plus(at_month, 1)
