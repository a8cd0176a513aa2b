"""Tables of the books: which funds are kept where, their bank accounts, outside statements, closings and budgets."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.records.api import History, Mark, Record, Scope


class FundBook(Record):
    """One set of books: a fund and its pooling region, with the number of the books in the ledger."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {}

    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    book = models.IntegerField(unique=True)
    first_month = models.IntegerField(null=True)  # the first month of business; set when the fund is set up

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "region_code"], name="fund_book_once")]

    def __str__(self) -> str:
        return f"{self.fund}-{self.region_code}"


class FundAccount(Record):
    """An account of the fund outside: 1002 income, 1003 fiscal special, 1004 expenditure, 1005 treasury."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    code = models.CharField(max_length=4)
    number = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=140)
    bank_code = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "region_code", "code"], name="fund_account_once")]


class FundRequest(Record):
    """A request to the finance office for money on the expenditure account (用款申请), and its answer."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    number = models.CharField(max_length=35, unique=True)
    run_month = models.IntegerField()
    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    purpose = models.CharField(max_length=20, default="benefit")
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, default="asked")  # asked | granted | refused
    transfer = models.CharField(max_length=40, blank=True)
    paid_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(db_default=Now())


class BankFile(Record):
    """A file taken in from outside and what it was about; a refused one stays with the exchange, with the reason."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    month = models.IntegerField()
    rows = models.IntegerField()
    repeated = models.BooleanField(default=False)  # said nothing new: it had come before
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "month"], name="fund_bankfile_month")]


class ExternalStatement(Record):
    """One statement of one account by the bank or the finance office."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    source = models.CharField(max_length=10)  # bank | finance
    account_number = models.CharField(max_length=35)
    statement_id = models.CharField(max_length=60)
    month = models.IntegerField()
    booked_on = models.DateField()
    opening_fen = models.BigIntegerField()
    closing_fen = models.BigIntegerField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "account_number", "statement_id"], name="fund_statement_once")
        ]
        indexes = [models.Index(fields=["month"], name="fund_statement_month")]


class ExternalEntry(Record):
    """One entry of an outside statement: signed fen, + into the account; `matches` is the ledger key it should meet."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    statement = models.ForeignKey(ExternalStatement, on_delete=models.PROTECT, related_name="entries")
    source = models.CharField(max_length=10)
    account_number = models.CharField(max_length=35)
    month = models.IntegerField()
    reference = models.CharField(max_length=60)
    matches = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    booked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "account_number", "reference"], name="fund_entry_once")
        ]
        indexes = [models.Index(fields=["account_number", "month"], name="fund_entry_account_month")]


class Reconciliation(Record):
    """One comparison of ledger, bank and finance for a set of books: totals and every open item by name."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    month = models.IntegerField()
    through = models.DateField()
    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    ledger_fen = models.BigIntegerField()
    bank_fen = models.BigIntegerField()
    finance_fen = models.BigIntegerField()
    agreed = models.BooleanField()
    open_items = models.JSONField(default=list)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["month", "fund", "region_code"], name="fund_reconciliation_month")]


class StoredStatement(Record):
    """A monthly statement as published after the month was closed; frozen, with the digest of its content."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    month = models.IntegerField()
    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    form = models.CharField(max_length=20)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "fund", "region_code", "form"], name="fund_storedstatement_once")
        ]


class YearEnd(Record):
    """The closing entries of a year, by account code, so that December still shows the year's income and expense."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    year = models.IntegerField()
    lines = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "region_code", "year"], name="fund_yearend_once")]


class Budget(Record):
    """The approved budget of a fund for a year: one amount per income or expense account."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    year = models.IntegerField()
    code = models.CharField(max_length=4)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "region_code", "year", "code"], name="fund_budget_once"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="fund_budget_positive"),
        ]
