"""Chart of accounts, pooling levels and voucher templates of the insurance funds, as dated data and pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PARAMETERS = Path(__file__).parent / "parameters"
PARTS = ("worker_principal", "worker_interest", "employer_principal", "employer_interest")
PERSONAL_CONTROL, PERSONAL_COUNTERPART = "9001", "9002"


class UnknownFund(ValueError):
    """A scheme, region or account that no parameter file names."""


@dataclass(frozen=True)
class ChartAccount:
    """One account of the chart: code, both names, kind (asset, liability, net, income, expense, memorandum)."""

    code: str
    name: str
    name_en: str
    kind: str


@dataclass(frozen=True)
class FundName:
    """One fund with its own books and the schemes it holds; `short` for lists."""

    code: str
    name: str
    name_en: str
    short: str
    short_en: str
    schemes: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One side of a template: account code and its detail ("*" = named by the posting)."""

    code: str
    detail: str

    def detail_for(self, given: str) -> str:
        """The detail account to post on."""
        return given if self.detail == "*" else self.detail


@dataclass(frozen=True)
class Template:
    """One voucher template: the debit and the credit side."""

    code: str
    name: str
    name_en: str
    debit: Side
    credit: Side


@dataclass(frozen=True)
class PaymentSettings:
    """Settings of the payment run on a day."""

    lines_per_batch: int
    execution_day: int
    tries: int
    lookback_months: int


@cache
def parameters(name: str) -> dict[str, Any]:
    """The parsed parameter file `name`.yaml."""
    loaded = yaml.safe_load((PARAMETERS / f"{name}.yaml").read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise TypeError(f"{name}.yaml is not a mapping")
    return loaded


def _in_force(rows: Iterable[dict[str, Any]], on: date) -> dict[str, Any]:
    """The row with the latest `since` not after `on`; LookupError if none is in force."""
    started = [row for row in rows if row["since"] <= on]
    if not started:
        raise LookupError(f"no parameter in force on {on.isoformat()}")
    return max(started, key=lambda row: row["since"])


@cache
def funds() -> Mapping[str, FundName]:
    """All funds by code, in the order of the chart file."""
    rows = parameters("chart")["funds"]
    return {r["code"]: FundName(**{**r, "schemes": tuple(r["schemes"])}) for r in rows}


def fund_of(scheme: str) -> str:
    """The fund that keeps the money of a scheme: maternity (510) is kept with medical (310), 国办发〔2019〕10号."""
    for fund in funds().values():
        if scheme in fund.schemes:
            return fund.code
    raise UnknownFund(scheme)


@cache
def chart(fund: str, on: date) -> tuple[ChartAccount, ...]:
    """The accounts a fund uses on a day (财会〔2017〕28号), in order of code."""
    rows = _in_force(parameters("chart")["charts"], on)["accounts"]
    own = (r for r in rows if r["funds"] == "all" or fund in r["funds"])
    return tuple(ChartAccount(r["code"], r["name"], r["name_en"], r["kind"]) for r in own)


def account_kind(code: str, on: date) -> str:
    """The kind of an account code; UnknownFund if the chart has no such code."""
    for row in _in_force(parameters("chart")["charts"], on)["accounts"]:
        if row["code"] == code:
            return str(row["kind"])
    raise UnknownFund(code)


@cache
def pool_region(scheme: str, region: str, on: date) -> str:
    """Region code of the pool that keeps the books of `scheme` for people of `region`.

    `region` is a six-digit code; the answer is the province (`440000`) or city (`440100`) by the dated pooling level.
    """
    fund = fund_of(scheme)
    if len(region) != 6 or not region.isdecimal():
        raise UnknownFund(region)
    rows = [r for r in parameters("pooling")["pooling"] if fund in r["funds"]]
    own = [r for r in rows if r["province"] == region[:2]] or [r for r in rows if r["province"] == "*"]
    level = _in_force(own, on)["level"]
    return region[:2] + "0000" if level == "province" else region[:4] + "00"


@cache
def templates() -> Mapping[str, Template]:
    """All voucher templates by code."""

    def side(row: dict[str, str]) -> Side:
        return Side(row["code"], row.get("detail", ""))

    rows = parameters("entries")["entries"]
    return {r["code"]: Template(r["code"], r["name"], r["name_en"], side(r["debit"]), side(r["credit"])) for r in rows}


def template(code: str) -> Template:
    """One voucher template; UnknownFund if no such template."""
    found = templates().get(code)
    if found is None:
        raise UnknownFund(code)
    return found


def benefit_template(benefit_kind: str) -> str:
    """The template a payment line of this benefit kind is booked by."""
    return str(parameters("entries")["benefit_templates"].get(benefit_kind, "benefit"))


def never_negative() -> frozenset[str]:
    """Account codes whose balance the database never lets fall below zero."""
    return frozenset(parameters("entries")["never_negative"])


def payment_settings(on: date) -> PaymentSettings:
    """The payment settings in force on a day."""
    row = _in_force(parameters("payment")["payment"], on)
    return PaymentSettings(row["lines_per_batch"], row["execution_day"], row["tries"], row["lookback_months"])


@dataclass(frozen=True)
class JournalLines:
    """The lines of one journal: (code, detail) to signed fen, debit +, credit −."""

    key: str
    lines: Mapping[tuple[str, str], int]


def journals_of(
    rule: Template, keys: Sequence[str], details: Sequence[str], amounts: Sequence[int]
) -> list[JournalLines]:
    """The journals of many amounts under one template: rows of one key become one journal, equal accounts are summed.

    All three sequences have one length; amounts are fen > 0. Raises ValueError for an amount that is not positive.
    """
    by_key: dict[str, dict[tuple[str, str], int]] = {}
    for key, detail, amount in zip(keys, details, amounts, strict=True):
        if amount <= 0:
            raise ValueError(f"{rule.code} {key}: amount must be positive, got {amount}")
        lines = by_key.setdefault(key, {})
        debit = (rule.debit.code, rule.debit.detail_for(detail))
        credit = (rule.credit.code, rule.credit.detail_for(detail))
        lines[debit] = lines.get(debit, 0) + amount
        lines[credit] = lines.get(credit, 0) - amount
    return [JournalLines(key, lines) for key, lines in by_key.items()]


def year_end_lines(balances: Mapping[tuple[str, str], int], on: date) -> dict[tuple[str, str], int]:
    """Closing entries of a year: every income and expense balance is turned over to the general fund balance 3001.

    `balances`: (code, detail) to signed closing balance. The answer sums to zero; empty when there is nothing to close.
    """
    lines = {
        at: -amount for at, amount in balances.items() if amount and account_kind(at[0], on) in ("income", "expense")
    }
    surplus = sum(lines.values())
    if surplus:
        lines[("3001", "")] = lines.get(("3001", ""), 0) - surplus
    return lines


def message_id(run_month: int, fund: str, batch: int) -> str:
    """Message id of a payment batch's bank file: at most 35 characters, unique for ever."""
    return f"B{run_month}{fund}-{batch}"
