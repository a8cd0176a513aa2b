"""The month of the pensioners, from entitlement to the bank's files, beside one statement that writes as many rows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from benchmarks.measuring import Figures, growth_of, in_turn, median
from benchmarks.registering import FIRST_PENSIONER, write_persons
from benchmarks.running import done, planned
from benchmarks.scratch import as_owner, settle, sql
from dashebao.business.fund import api as fund
from dashebao.business.fund.actions.funding import take_answer
from dashebao.business.fund.jobs import BatchStep, PayStep
from dashebao.business.fund.models import FundRequest
from dashebao.business.insurance.pension.jobs import PensionAwards, PensionEntitle
from dashebao.business.insurance.pension.loading import PensionerColumns, load_pensioners
from dashebao.kernel.batches.api import Step
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.identity.api import Grant, Office, User
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.partners.introduction import introduce

SIZES = (5_000, 20_000)
SCHEME, POOL = "110", "440000"
COUNTIES = ("440106", "440303", "440604", "441302", "441900", "445202")  # of six cities
FIRST_MONTH = 202601
BALANCE, OPENING_FUND = 9_000_000, 10**15
AT_ONCE = 20_000
TABLES = ("common_benefit", "common_benefitcomponent", "ledger_subaccount", "registry_bankaccount")

# The same rows once more, into tables without any index or guard: the lines, the batches' lines, what was drawn from
# the accounts, and a row as long as each payment in the bank's file.
BY_HAND = """
with lines as (insert into bench_line select * from fund_paymentline where run_month = %(month)s),
batched as (
  insert into bench_batchline select b.* from fund_paymentbatchline b
  join fund_paymentbatch o on o.id = b.batch_id and o.run_month = %(month)s),
drawn as (
  insert into bench_subentry select e.* from ledger_subentry e
  join ledger_journal j on j.month = e.month and j.id = e.journal_id and j.kind = 'benefit.account_part'
  where e.month = %(month)s)
insert into bench_file select repeat('x', %(width)s) from fund_paymentline where run_month = %(month)s
"""


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Seconds of a month's run for one number of pensioners after the other."""
    told: list[Figures] = []
    month = Month()
    for size in sizes:
        month.grow_to(size)
        ours, theirs = in_turn(month.run, month.by_hand, before=month.prepare)
        rows = month.rows_written()
        detail: dict[str, Any] = {
            "wrong": month.wrong, "rows": rows,
            "steps_s": {name: round(median(seconds), 3) for name, seconds in month.seconds.items()},
            "growth": growth_of(told, size, median(ours)),
        }  # fmt: skip
        ratio = median(ours) / median(theirs)
        told.append(Figures("pension-run", size, "s", median(ours), median(theirs), ratio, 4.0, False, detail))
    return told


@dataclass
class Month:
    """A province of pensioners alone, its officers, and the month that is run next."""

    month: int = month_plus(FIRST_MONTH, -1)
    people: int = 0
    wrong: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        with acting(SYSTEM, "benchmark"):
            for code, title, pem in introduce(settings.DATA):
                register_partner(code, title, pem)
            fund.set_up_fund(fund.FundSetup(SCHEME, COUNTIES[0], self.month, OPENING_FUND))
            self.officers = _officers()
        with as_owner():
            for name, like in (
                ("line", "fund_paymentline"),
                ("batchline", "fund_paymentbatchline"),
                ("subentry", "ledger_subentry"),
            ):
                sql(f"drop table if exists bench_{name}")
                sql(f"create table bench_{name} (like {like})")
            sql("drop table if exists bench_file")
            sql("create table bench_file (row text)")
            sql("grant all on bench_line, bench_batchline, bench_subentry, bench_file to public")

    def grow_to(self, people: int) -> None:
        """Load pensioners with accounts until there are so many."""
        with as_owner():
            for low in range(self.people, people, AT_ONCE):
                ids = [FIRST_PENSIONER + n for n in range(low, min(low + AT_ONCE, people))]
                with acting(SYSTEM, "benchmark"):
                    write_persons(ids, [_county(one) for one in ids])
                    load_pensioners(pensioners(ids, month_plus(self.month, 1)))
                    _fill_accounts(ids)
        self.people = people
        self.seconds.clear()
        settle(*TABLES)

    def prepare(self) -> None:
        """Go on to the next month."""
        self.month = month_plus(self.month, 1)
        settle("common_benefit", "ledger_subaccount")
        with as_owner():
            sql("truncate bench_line, bench_batchline, bench_subentry, bench_file")

    def run(self) -> None:
        """The product's steps, each chunk in a transaction of its own; the officers sign and the money comes at once."""
        entitled = self._step(
            "entitle", lambda: [_chunks(PensionAwards(), self.month), _chunks(PensionEntitle(), self.month)]
        )
        self._step("batch", lambda: _chunks(BatchStep(), self.month))
        self._step("sign", self._sign)
        sent = self._step("send", self._send)
        self.wrong += entitled[1] != sent

    def _step(self, name: str, work: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        done = work()
        self.seconds[name].append(time.perf_counter() - begun)
        return done

    def _sign(self) -> None:
        for stage, officer in self.officers.items():
            with acting(SYSTEM, "look"):
                waiting = [batch.id for batch in fund.batches_waiting(stage, self.month)]
            fund.sign_batches(stage, waiting, officer)

    def _send(self) -> int:
        with acting(SYSTEM, "fund.request"):
            fund.request_funds(self.month, SCHEME, POOL)
            for asked in FundRequest.objects.filter(run_month=self.month, state="asked"):
                paid_on = date(self.month // 100, self.month % 100, 18).isoformat()
                told = {"request": asked.number, "ok": True, "transfer": f"BK-{asked.pk}", "paid_on": paid_on}
                take_answer(told | {"amount_fen": asked.amount_fen})
        return _chunks(PayStep(), self.month)

    def by_hand(self) -> None:
        """The rows of the same run once more, by one statement."""
        with acting(SYSTEM, "by hand"):
            sql(BY_HAND, {"month": self.month, "width": self._file_width()})

    def _file_width(self) -> int:
        found = sql("select sum(length(token)) from exchange_outboxmessage where kind = 'pain.001'")
        return int(found[0][0] or 0) // self._payments_sent()

    def _payments_sent(self) -> int:
        return int(sql("select sum(line_count) from fund_paymentbatch where state = 'sent'")[0][0])

    def rows_written(self) -> int:
        """Rows of the last run, as the baseline wrote them again."""
        with as_owner():
            return sum(
                int(sql(f"select count(*) from bench_{name}")[0][0])
                for name in ("line", "batchline", "subentry", "file")
            )


def _chunks(step: Step, month: int) -> int:
    """Plan a step and do its chunks; the money they moved."""
    return sum(counts.fen for counts in done(step, month, planned(step, month)))


def _officers() -> dict[str, User]:
    office = Office.objects.create(code="BENCH", name="省局", name_en="Province", level="province", region_code=POOL)
    out = {}
    for stage in ("maker", "checker", "approver"):
        user = User.objects.create_user(f"bench-{stage}", kind="officer", name=stage, office=office)
        Grant.objects.create(user=user, role=f"fund.{stage}", family="finance", valid_during=(date(2020, 1, 1), None))
        out[stage] = user
    return out


def _county(person: int) -> str:
    return COUNTIES[person % len(COUNTIES)]


def pensioners(ids: Sequence[int], first_run_month: int) -> PensionerColumns:
    """Pensions of invented people that have been paid for years."""
    count = len(ids)
    return PensionerColumns(
        law_on=date(2026, 1, 1), first_run_month=first_run_month, person_id=ids, region_code=[_county(n) for n in ids],
        category=["M60"] * count, retire_month=[202005] * count, start_month=[202006] * count,
        paid_months=[200 + n % 200 for n in ids], average_index_e4=[4_665 + n % 9_000 for n in ids],
        calc_base_fen=[949_300] * count, balance_fen=[6_000_000 + n % 3_000_000 for n in ids],
        payout_months_e1=[1_390] * count, increases_fen=[n % 50_000 for n in ids],
        qualified_until_on=[date(2099, 12, 31)] * count,
    )  # fmt: skip


def _fill_accounts(ids: Sequence[int]) -> None:
    fund.open_personal_accounts(SCHEME, POOL, ids)
    amounts, parts = [BALANCE] * len(ids), ["worker_principal"] * len(ids)
    fund.post_personal(
        fund.PersonalEntries(
            SCHEME, POOL, month_plus(FIRST_MONTH, -1), "benchmark", f"opening {ids[0]}", ids, parts, amounts
        )
    )
