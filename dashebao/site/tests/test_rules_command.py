"""`dashebao rules`: checks examples honestly and explains a calculation, in both languages and as JSON."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from dashebao.__main__ import reads_approved_law
from dashebao.kernel.records.api import forget_reference_data
from dashebao.platform.administration.actions import parameter_wanted
from dashebao.platform.administration.loading import forget
from dashebao.platform.administration.tests.officers import enact, officer, propose
from dashebao.site.commands import DIFFERENCES
from dashebao.site.management.commands import rules

EXAMPLES = """
meta: {date: '2026-11-21'}
examples:
- {id: A, formula: pension.minimum_months, title: years, inputs: {years: [2030]}, expected: {months: {2030: 186}}}
- {id: B, formula: medical.nothing, title: later, inputs: {}, expected: {x: 1}}
"""

CHECK_OF_300 = """
meta: {date: '2027-02-01'}
examples:
- id: C
  formula: pension.residents
  title: 15 years at 500
  inputs: {annual_payment: '500.00', annual_subsidy: '60.00', years: 15}
  expected: {account_balance: '8400.00', account: '60.43', total: '360.43'}
"""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    path = tmp_path / "examples.yaml"
    path.write_text(EXAMPLES, encoding="utf-8")
    return path


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    path = tmp_path / "inputs.json"
    path.write_text('{"principal": "12345.67", "due_date": "2026-03-31", "paid_date": "2026-05-15"}', encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _terminal_in_english(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DASHEBAO_LANG", "en")


@pytest.fixture
def approved(db: None) -> Iterator[None]:
    """An installation in which two officers have raised the residents' basic pension to 300 yuan from 2027."""
    maker, approver = officer("maker", "admin.parameters"), officer("approver", "admin.approver")
    enact(approver, propose(maker, parameter_wanted("residents.basic", "44", date(2027, 1, 1), "300")))
    forget()
    forget_reference_data()
    yield
    forget()
    forget_reference_data()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("rules", *arguments, stdout=out)
    return out.getvalue()


def test_an_unknown_formula_fails_the_check(examples: Path):
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("rules", "check", str(examples), stdout=out)
    assert left.value.code == DIFFERENCES
    assert "there is no formula named medical.nothing" in out.getvalue()
    assert "2 checked, 1 passed, 1 failed." in out.getvalue()


def test_a_check_of_one_prefix_passes(examples: Path):
    assert "1 checked, 1 passed, 0 failed." in run("check", str(examples), "--only", "pension.,levy.")


def test_a_check_that_finds_nothing_to_check_does_not_pass(examples: Path):
    with pytest.raises(SystemExit):
        run("check", str(examples), "--only", "civil.")


def test_a_check_prints_json(examples: Path):
    data = json.loads(run("check", str(examples), "--only", "pension.", "--json"))
    assert (data["checked"], data["passed"], data["examples"][0]["id"]) == (1, 1, "A")


@pytest.mark.django_db
def test_an_explanation_shows_law_and_numbers(inputs: Path):
    text = run("explain", "levy.late_fee", "--input", str(inputs), "--on", "2026-06-01", "--region", "440100")
    assert "12345.67 × 0.0005 × 45 = 277.777575" in text
    assert "Social Insurance Law, art. 86" in text


@pytest.mark.django_db
def test_an_explanation_in_json_is_a_trace(inputs: Path):
    data = json.loads(run("explain", "levy.late_fee", "--input", str(inputs), "--on", "2026-06-01", "--json"))
    assert (data["trace"], data["on"], data["results"]["late_fee"]) == ("1", "2026-06-01", "277.78")


@pytest.mark.django_db
def test_messages_come_in_chinese_too(inputs: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DASHEBAO_LANG", "zh")
    assert "滞纳金 = 277.78 元" in run("explain", "levy.late_fee", "--input", str(inputs), "--on", "2026-06-01")
    with pytest.raises(CommandError, match=r"没有名为 levy\.nothing 的公式"):
        run("explain", "levy.nothing", "--input", str(inputs))


def test_a_missing_file_is_said_plainly(tmp_path: Path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("check", str(tmp_path / "none.yaml"))


@pytest.mark.django_db
def test_a_day_before_the_law_is_refused(inputs: Path):
    with pytest.raises(CommandError, match=r"no parameter levy\.late_fee_rate"):
        run("explain", "levy.late_fee", "--input", str(inputs), "--on", "1990-01-01")


def test_formulas_and_parameters_are_listed():
    names = [row["name"] for row in json.loads(run("list", "--json"))]
    assert "pension.award_guangdong" in names
    listed = json.loads(
        run(
            "parameters",
            "--files-only",
            "--region",
            "440106",
            "--prefix",
            "levy.pension.",
            "--on",
            "2026-11-01",
            "--json",
        )
    )
    assert {row["name"]: row["value"] for row in listed["parameters"]}["levy.pension.floor"] == "5510"
    assert len(listed["digest"]) == 64


def basic(*arguments: str) -> dict[str, object]:
    listed = json.loads(
        run(
            "parameters",
            "--region",
            "440106",
            "--prefix",
            "residents.basic",
            "--on",
            "2027-02-01",
            "--json",
            *arguments,
        )
    )
    return {"approved": listed["approved_changes"], "value": listed["parameters"][0]["value"]}


def test_approved_changes_count_where_an_installation_answers(approved: None):
    assert basic() == {"approved": 1, "value": "300"}


def test_the_files_alone_are_read_on_request(approved: None):
    shipped = basic("--files-only")
    assert shipped["approved"] is None
    assert shipped["value"] != "300"


def test_an_explanation_says_which_law_it_read(inputs: Path, approved: None):
    told = run("explain", "levy.late_fee", "--input", str(inputs), "--on", "2026-06-01")
    assert "the parameter files and 1 value approved in this installation" in told
    pure = run("explain", "levy.late_fee", "--input", str(inputs), "--on", "2026-06-01", "--files-only")
    assert "approved in an installation are not counted" in pure


def test_without_an_installation_an_explanation_stays_on_the_files(inputs: Path, monkeypatch: pytest.MonkeyPatch):
    def nobody_answers(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(rules, "acting", nobody_answers)
    told = run("explain", "levy.late_fee", "--input", str(inputs), "--on", "2026-06-01")
    assert "approved in an installation are not counted" in told


def test_a_check_counts_approved_changes_only_when_asked(tmp_path: Path, approved: None):
    path = tmp_path / "new.yaml"
    path.write_text(CHECK_OF_300, encoding="utf-8")
    assert "1 checked, 1 passed" in run("check", str(path), "--approved", "--region", "440106")
    forget()
    with pytest.raises(SystemExit):
        run("check", str(path), "--region", "440106")


@pytest.mark.parametrize(
    ("arguments", "reads"),
    [
        (["rules", "explain", "x"], True),
        (["rules", "parameters"], True),
        (["rules", "explain", "--files-only"], False),
        (["rules", "check", "x"], False),
        (["rules", "check", "x", "--approved"], True),
        (["rules", "list"], False),
    ],
)
def test_only_a_command_that_wants_approved_changes_starts_the_database(arguments: list[str], reads: bool):
    assert reads_approved_law(arguments) is reads
