"""Whatever wages are declared, paid at once, late or not at all: accounts and awards hold exactly what was paid in full."""

from datetime import date

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dashebao.business.fund.api import personal_balances
from dashebao.business.insurance.pension.queries import award_facts
from dashebao.business.insurance.pension.sheet import award_sheet
from dashebao.business.levy import jobs
from dashebao.business.levy.api import Declared, DeclaredRow, declare, pension_history
from dashebao.business.levy.models import BillItem, Settlement
from dashebao.business.levy.rules_columns import scheme_terms
from dashebao.business.levy.tests import tax_office
from dashebao.kernel.legal_time.api import first_day_of, month_plus
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.registry.models import Person
from dashebao.kernel.rules.api import explain

FIRST, PLACE, BOOKS = 202607, "440106", "440100"
wages = st.lists(st.integers(100_000, 4_000_000), min_size=2, max_size=2)
PAYS = ("everything", "pension only", "all but pension", "nothing")


class Months(RuleBasedStateMachine):
    """One unit of two people, month after month; the model is a sum by person over months that were settled."""

    world = None

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()

    @initialize()
    def begin(self):
        self.month, self.paid, self.owed, self.catching_up = FIRST, {}, {}, False
        self.unit = self.world.unit(PLACE)
        self.people = self.world.staff(self.unit, [500_000, 900_000], FIRST)
        Person.objects.filter(pk__in=self.people).update(birth_on=date(1966, 4, 10))
        self.account = dict.fromkeys(self.people, 0)
        self.months = dict.fromkeys(self.people, 0)

    @rule(given=wages, pays=st.sampled_from(PAYS))
    @precondition(lambda self: self.month <= 202612)
    def a_month(self, given, pays):
        """Declare, assess, bill, pay some of it, post."""
        rows = [DeclaredRow(n, "", "", who, wage) for n, (who, wage) in enumerate(zip(self.people, given, strict=True))]
        declare(Declared(self.unit, self.month, rows))
        self._steps(jobs.STEPS[:3])
        self.owed[self.month] = dict(zip(self.people, (self._share(wage) for wage in given), strict=True))
        self._pay(pays)
        self._steps(jobs.STEPS[3:])
        self.month, self.catching_up = month_plus(self.month, 1), False

    @rule()
    @precondition(lambda self: getattr(self, "owed", None))
    def arrears_come_with_the_next_month(self):
        self.catching_up = True

    def _pay(self, pays):
        items = BillItem.objects.filter(unit_id=self.unit).order_by("id")
        settled = set(Settlement.objects.values_list("item_id", flat=True))
        chosen = [item for item in items if item.pk not in settled and self._pays(item, pays)]
        day = f"{self.month // 100}-{self.month % 100:02d}-12"
        rows = [tax_office.paid_row(item, on=day) for item in chosen]
        tax_office.report(self.month, rows)
        totals = {"rows": len(rows), "principal_fen": sum(row["principal_fen"] for row in rows), "late_fee_fen": 0}
        tax_office.tell("T07", f"T07:{self.month}:regular", {"month": self.month, "run": "regular", **totals}, [])
        for item in chosen:
            for who, share in self.owed[item.month].items() if item.scheme == "110" else ():
                self.account[who] += share
                self.months[who] += 1

    def _pays(self, item, pays):
        if item.month < self.month:
            return self.catching_up
        return {"everything": True, "nothing": False}.get(pays, (item.scheme == "110") == (pays == "pension only"))

    def _share(self, wage):
        """The worker's share by the formula of one person."""
        terms = scheme_terms(PLACE, first_day_of(self.month))["110"]
        inputs = {
            "wage": format_yuan(wage), "employer_rate": str(terms.employer_rate),
            "individual_rate": str(terms.worker_rate), "floor": format_yuan(terms.floor_fen),
            "cap": format_yuan(terms.cap_fen),
        }  # fmt: skip
        found = explain("levy.contribution", inputs, on=first_day_of(self.month), region=PLACE)
        return parse_yuan(found.as_json()["results"]["individual"])

    def _steps(self, steps):
        for step in (one() for one in steps):
            for plan in list(step.plan(self.month)):
                step.execute(self.month, plan.args)

    @invariant()
    def accounts_hold_what_was_paid_in_full(self):
        if not getattr(self, "owed", None):
            return
        found = personal_balances("110", BOOKS, self.people)
        held = dict.fromkeys(self.people, 0)
        for who, fen in zip(found.person_id, found.balance_fen, strict=True):
            held[who] += fen
        assert held == self.account
        history = pension_history(self.people)
        paid = dict.fromkeys(self.people, 0)
        for who, months in zip(history.person_id, history.months, strict=True):
            paid[who] += months
        assert paid == self.months

    def teardown(self):
        """The award rests on the same sum, with the interest of the part year on top."""
        try:
            for who in self.people if getattr(self, "owed", None) and any(self.account.values()) else ():
                facts = award_facts(Person.objects.get(pk=who), month_plus(self.month, -1), "M60")
                sheet = award_sheet(facts)
                assert sheet.paid_months == self.months[who]
                assert sheet.account_balance_fen - sheet.interest_worker_fen == self.account[who]
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)


def test_accounts_and_awards_follow_what_was_paid(world):
    Months.world = world
    small = settings(
        max_examples=4, stateful_step_count=4, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Months, settings=small)
