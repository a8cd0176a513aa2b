"""Tables of the ledger; only the functions of the database schema `lg` write them, and most are frozen."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from dashebao.kernel.records.api import History, Mark, Record, Scope, next_id

NOW = models.Func(function="clock_timestamp")
# Officers see books of their region, people their own sub-accounts: policies in migrations/sql/07_reading.sql.
BY_BOOK = Scope()


class Book(Record):
    """One set of books: a fund in its pooling region."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    fund = models.CharField(max_length=10)
    region = models.CharField(max_length=6)
    opened_at = models.DateTimeField(db_default=NOW)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund", "region"], name="ledger_book_once")]


class Account(Record):
    """An account of the general ledger. Hot accounts only collect entries; the others keep a balance within limits."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    book = models.ForeignKey(Book, on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=20)
    detail = models.CharField(max_length=60, db_default="")
    control = models.BooleanField(db_default=False)
    hot = models.BooleanField(db_default=True)
    holder_kind = models.CharField(max_length=6, db_default="person")
    min_balance_fen = models.BigIntegerField(null=True)
    max_balance_fen = models.BigIntegerField(null=True)
    balance_fen = models.BigIntegerField(db_default=0)
    pending_fen = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "code", "detail"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(hot=False) | Q(min_balance_fen=None, max_balance_fen=None, balance_fen=0, pending_fen=0),
                name="ledger_account_hot",
            ),
            models.CheckConstraint(condition=Q(control=False) | Q(hot=True), name="ledger_account_control"),
            models.CheckConstraint(condition=Q(holder_kind__in=["person", "unit"]), name="ledger_account_holder_kind"),
            models.CheckConstraint(condition=~Q(code=""), name="ledger_account_code"),
            models.CheckConstraint(condition=Q(pending_fen__gte=0), name="ledger_account_pending"),
            models.CheckConstraint(
                condition=Q(min_balance_fen=None) | Q(balance_fen__gte=F("min_balance_fen") + F("pending_fen")),
                name="ledger_account_floor",
            ),
            models.CheckConstraint(
                condition=Q(max_balance_fen=None) | Q(balance_fen__lte=F("max_balance_fen")),
                name="ledger_account_ceiling",
            ),
        ]


class SubAccount(Record):
    """What one holder has under a control account, by part; never below zero."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {"balance_fen": Mark.BENEFIT, "place": Mark.ADDRESS}

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    holder = models.BigIntegerField()
    part = models.CharField(max_length=40, db_collation="C")
    place = models.CharField(max_length=6, db_default="")
    balance_fen = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "account", "part"], name="ledger_subaccount_once"),
            models.CheckConstraint(condition=Q(balance_fen__gte=0), name="ledger_subaccount_floor"),
            models.CheckConstraint(condition=~Q(part=""), name="ledger_subaccount_part"),
        ]


class Key(Record):
    """The business key of each journal, unique for ever (a partitioned table cannot promise that)."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    journal_id = models.UUIDField(primary_key=True)
    book_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    month = models.IntegerField()
    request = models.BinaryField()
    reverses = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book_id", "kind", "key"], name="ledger_key_once")]


class Journal(Record):
    """A posted journal: immutable, balanced, made by somebody, in one month of one set of books."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    pk = models.CompositePrimaryKey("month", "id")
    month = models.IntegerField()
    id = models.UUIDField()
    book_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    memo = models.CharField(max_length=300, db_default="")
    reverses = models.UUIDField(null=True)
    digest = models.BinaryField()
    made_kind = models.CharField(max_length=10)
    made_by = models.BigIntegerField()
    approved_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(db_default=NOW)
    xid = models.BigIntegerField(db_default=models.Func(function="records_xid"))
    pos = models.BigIntegerField(db_default=next_id("ledger_journal"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(made_kind="officer") | ~Q(approved_by=F("made_by")),
                name="ledger_journal_four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["xid"], name="ledger_journal_xid"),
            models.Index(fields=["book_id", "posted_at"], name="ledger_journal_book"),
        ]


class Entry(Record):
    """One line of a journal: debit positive, credit negative."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    pk = models.CompositePrimaryKey("month", "journal_id", "line")
    month = models.IntegerField()
    journal_id = models.UUIDField()
    line = models.IntegerField()
    book_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    balance_after_fen = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_fen=0), name="ledger_entry_amount")]
        indexes = [models.Index(fields=["account_id"], name="ledger_entry_account")]


class SubEntry(Record):
    """What one journal moved on one sub-account; keyed so that one holder's rows are one index read."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {"amount_fen": Mark.BENEFIT}

    pk = models.CompositePrimaryKey("month", "subaccount_id", "journal_id")
    month = models.IntegerField()
    subaccount_id = models.BigIntegerField()
    journal_id = models.UUIDField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_fen=0), name="ledger_subentry_amount")]
        indexes = [BrinIndex(fields=["journal_id"], name="ledger_subentry_journal", autosummarize=True)]


class SubTotal(Record):
    """Sum of a journal's sub-lines under one control account; what its lines must tie to."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    pk = models.CompositePrimaryKey("month", "journal_id", "account_id")
    month = models.IntegerField()
    journal_id = models.UUIDField()
    account_id = models.BigIntegerField()
    amount_fen = models.BigIntegerField()


class Hold(Record):
    """Money promised on an account and not moved yet."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    amount_fen = models.BigIntegerField()
    expires_at = models.DateTimeField()
    made_kind = models.CharField(max_length=10)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField(db_default=NOW)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="ledger_hold_amount")]


class HoldEnd(Record):
    """How a hold ended, once: posted with its journal, voided, or expired."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, primary_key=True)
    how = models.CharField(max_length=10)
    journal_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(db_default=NOW)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how="posted", journal_id__isnull=False)
                | Q(how__in=["voided", "expired"], journal_id__isnull=True),
                name="ledger_holdend_how",
            ),
        ]


class Period(Record):
    """A closed month of a set of books; it and every month before it take no more postings."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    book = models.ForeignKey(Book, on_delete=models.PROTECT, db_index=False)
    month = models.IntegerField()
    closed_kind = models.CharField(max_length=10)
    closed_by = models.BigIntegerField()
    closed_at = models.DateTimeField(db_default=NOW)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "month"], name="ledger_period_once")]


class Closing(Record):
    """The balance of one account at the end of a closed month, so that later reads need not add up the past."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = BY_BOOK
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    book = models.ForeignKey(Book, on_delete=models.PROTECT, db_index=False)
    month = models.IntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    balance_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "month", "account"], name="ledger_closing_once")]


class Seal(Record):
    """Merkle root over the journals of one range of transactions, chained to the seal before."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    seq = models.BigIntegerField(primary_key=True)
    above = models.BigIntegerField()
    below = models.BigIntegerField()
    count = models.BigIntegerField()
    root = models.BinaryField()
    chain = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=NOW)
