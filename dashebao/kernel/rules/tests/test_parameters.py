"""Parameter files: what the loader refuses, what lookup finds, and how reforms lie over it."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from dashebao.kernel.rules.api import Change, Exact, NoParameter, ParameterError, Store

GOOD = """
description: A cap
metadata: {unit: currency-CNY, verified: verified}
values:
  2024-07-01:
    value: 27501.05
    metadata: {reference: {title: Act, article: art. 1}}
  2025-07-01:
    value: 27549
    metadata: {reference: {title: Act, article: art. 2}, verified: knowledge}
"""
DAY = date(2026, 1, 1)


def store(folder: Path, **files: str) -> Store:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    made = Store()
    made.mount("x", folder)
    return made


def test_numbers_are_read_exactly_and_money_becomes_fen(tmp_path: Path):
    law = store(tmp_path, cap=GOOD).law("", date(2024, 12, 31))
    assert law.fen("x.cap") == 2750105
    assert law.origin("x.cap").value == "27501.05"


def test_the_version_in_force_on_the_day_is_taken(tmp_path: Path):
    made = store(tmp_path, cap=GOOD)
    assert made.law("", date(2025, 6, 30)).fen("x.cap") == 2750105
    assert made.law("", date(2025, 7, 1)).fen("x.cap") == 2754900
    assert made.law("", date(2025, 7, 1)).origin("x.cap").verified == "knowledge"


def test_before_the_first_version_there_is_no_value(tmp_path: Path):
    law = store(tmp_path, cap=GOOD).law("", date(2024, 6, 30))
    with pytest.raises(NoParameter, match=r"no parameter x\.cap"):
        law["x.cap"]
    assert "x.cap" not in law
    assert law.get("x.cap") is None


def test_nearest_region_wins_and_falls_back_in_time(tmp_path: Path):
    made = store(
        tmp_path,
        cap=GOOD,
        **{"44__cap": GOOD.replace("27549", "300"), "4401__cap": GOOD.replace("2025-07-01", "2025-10-01")},
    )
    assert made.law("", DAY).fen("x.cap") == 2754900
    assert made.law("440000", DAY).fen("x.cap") == 30000
    assert made.law("440300", DAY).fen("x.cap") == 30000
    assert made.law("440106", DAY).fen("x.cap") == 2754900
    assert made.law("310000", DAY).fen("x.cap") == 2754900
    assert made.law("440106", DAY).origin("x.cap").region == "4401"


def test_a_null_ends_a_parameter(tmp_path: Path):
    ended = GOOD + "  2026-01-01:\n    value: null\n    metadata: {reference: {title: Act, article: art. 3}}\n"
    assert "x.cap" not in store(tmp_path, cap=ended).law("", DAY)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("unit: currency-CNY, ", ""), "unit None is missing"),
        (("unit: currency-CNY", "unit: dollars"), "unit 'dollars'"),
        (("metadata: {reference: {title: Act, article: art. 1}}", "metadata: {}"), "without an act"),
        (("article: art. 1", "page: 1"), "needs title and article"),
        (("    value: 27549", "    value: 27549\n    valu: 1"), "unknown key 'valu'"),
        (("description: A cap", "description: A cap\nkind: 1"), "unknown key 'kind'"),
        (("description: A cap", ""), "no description"),
        (("value: 27549", "value: .nan"), "not a number"),
        (("value: 27549", "value: 1e3"), "not a number"),
        (("value: 27549", "value: many"), "not a number"),
        (("verified: verified", "verified: perhaps"), "verified is 'perhaps'"),
        (("2025-07-01", "soon"), "is not a date"),
        (("value: 27501.05", "value: null"), "gap"),
        (("2025-07-01", "2024-07-01"), "written twice"),
        (("unit: currency-CNY", "unit: currency-CNY, period: year"), "skips"),
    ],
)
def test_a_file_that_breaks_the_layout_is_refused(tmp_path: Path, change: tuple[str, str], complaint: str):
    broken = GOOD.replace(*change)
    assert broken != GOOD
    with pytest.raises(ParameterError, match=complaint):
        _ = store(tmp_path, cap=broken).parameters


def test_all_complaints_come_at_once_in_both_languages(tmp_path: Path):
    made = store(tmp_path, one=GOOD.replace("unit: currency-CNY, ", ""), two=GOOD.replace("art. 1", ""))
    with pytest.raises(ParameterError) as caught:
        _ = made.parameters
    assert "one.yaml" in caught.value.text("en")
    assert "two.yaml" in caught.value.text("en")
    assert "参数文件不合规范" in caught.value.text("zh-hans")


def test_fractions_may_be_written_as_quotients(tmp_path: Path):
    rate = GOOD.replace("currency-CNY", "/1").replace("27549", '"2/37"')
    assert store(tmp_path, rate=rate).law("", DAY).rate("x.rate") == Fraction(2, 37)


def test_yearly_figures_hold_for_their_year_only(tmp_path: Path):
    yearly = """
description: Rate
metadata: {unit: /1, verified: secondary, period: year, reference: {title: Act, article: yearly}}
values:
  2023-01-01: {value: 0.0397}
  2024-01-01: {value: 0.0262}
"""
    law = store(tmp_path, rate=yearly).law("", DAY)
    assert "x.rate" not in law
    assert law.for_year(2023).rate("x.rate") == Fraction(397, 10_000)
    assert law.latest("x.rate").fraction() == Fraction(262, 10_000)
    assert {year: v.fraction() for year, v in law.series("x.rate").items()}[2023] == Fraction(397, 10_000)


def test_a_reform_is_an_interval_and_leaves_the_baseline_alone(tmp_path: Path):
    made = store(tmp_path, cap=GOOD)
    before = made.law("", DAY).digest
    change = Change("x.cap", date(2025, 8, 1), date(2026, 6, 1), Fraction(30000))
    assert made.law("", date(2025, 7, 31), [change]).fen("x.cap") == 2754900
    assert made.law("", DAY, [change]).fen("x.cap") == 3000000
    assert made.law("", DAY, [change]).on(date(2026, 6, 1)).fen("x.cap") == 2754900
    assert made.law("", DAY, [change]).digest != before == made.law("", DAY).digest


def test_a_reform_of_a_region_reaches_only_that_region(tmp_path: Path):
    change = Change("x.cap", date(2025, 8, 1), date(2027, 1, 1), Fraction(1), region="4401")
    made = store(tmp_path, cap=GOOD)
    assert made.law("440106", DAY, [change]).fen("x.cap") == 100
    assert made.law("440300", DAY, [change]).fen("x.cap") == 2754900


def test_two_reforms_of_one_law_both_hold(tmp_path: Path):
    made = store(tmp_path, cap=GOOD, floor=GOOD)
    days = (date(2025, 8, 1), date(2027, 1, 1))
    law = made.law("", DAY, [Change("x.cap", *days, Fraction(2)), Change("x.floor", *days, Fraction(1))])
    assert (law.fen("x.cap"), law.fen("x.floor")) == (200, 100)


def test_scales_are_read_by_threshold(tmp_path: Path):
    scale = """
description: Months by age
metadata:
  type: single_amount
  threshold_unit: year
  amount_unit: month
  verified: verified
  reference: {title: Act, article: annex}
brackets:
- threshold: {2006-01-01: {value: 40}}
  amount: {2006-01-01: {value: 233}}
- threshold: {2006-01-01: {value: 41}}
  amount: {2006-01-01: {value: 230}, 2030-01-01: {value: 231}}
"""
    made = store(tmp_path, months=scale)
    found = made.law("", DAY).scale("x.months")
    assert [found.at(Exact(age)).whole() for age in (39, 40, 41, 80)] == [233, 233, 230, 230]
    assert made.law("", date(2030, 1, 1)).scale("x.months").at(Exact(41)).whole() == 231
    with pytest.raises(NoParameter):
        made.law("", date(2005, 1, 1)).scale("x.months")


def test_a_wrong_region_code_is_refused(tmp_path: Path):
    with pytest.raises(NoParameter, match="region code"):
        store(tmp_path, cap=GOOD).law("44x", DAY)


def test_a_prefix_belongs_to_one_folder(tmp_path: Path):
    made = store(tmp_path, cap=GOOD)
    with pytest.raises(ParameterError, match="taken"):
        made.mount("x", tmp_path / "other")
