"""Code tables, calendars and letters change by the same four eyes; the files' own rules are kept."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from dashebao.kernel.codes.api import UnknownCode, table
from dashebao.kernel.legal_time.api import MissingCalendar, WorkingDays, calendars, year_calendar
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.administration import actions, texts
from dashebao.platform.administration.errors import AdministrationRefused
from dashebao.platform.administration.models import Kind
from dashebao.platform.administration.tests.officers import enact, propose
from demonstration.administering import CALENDAR

FILE = CALENDAR.format(year=2027, before=2026)
LETTER = "cases/letters/correction.zh.txt"


def test_a_new_year_is_loaded_as_a_file_and_limits_reach_into_it(staff):
    with pytest.raises(MissingCalendar):
        WorkingDays(20).due(date(2026, 12, 20))
    wanted, read = actions.calendar_wanted(FILE.encode(), timezone.localdate())
    assert read.working_days() == 246
    enact(staff.approver, propose(staff.maker, wanted))
    with acting(SYSTEM, "the next request"):
        assert year_calendar(2027).worked == {date(2027, 2, 14), date(2027, 5, 8), date(2027, 10, 9)}
        assert calendars()[-1] == 2027
        assert WorkingDays(20).due(date(2026, 12, 20)) == date(2027, 1, 18)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("2027-02-14", "2027-02-15"), "wrong about 2027-02-15"),
        (("name: 中秋节", "name: 某节"), "lacks 中秋"),
        (("from: 2027-01-01", "from: 2027-01-02"), "2027-01-01 is a day off by law"),
        (("from: 2027-04-03, to: 2027-04-05", "from: 2027-04-05, to: 2027-04-03"), "ends before it begins"),
        (("from: 2027-06-09, to: 2027-06-09", "from: 2027-05-05, to: 2027-05-06"), "belongs to two holidays"),
        (("year: 2027", "year: 二〇二七"), "write the year as 2027"),
        (("holidays:", "days:"), "not in the layout"),
        (("worked: [", "worked: [[["), "cannot be read as YAML"),
    ],
)
def test_what_is_wrong_with_a_calendar_is_named(change, sentence):
    with pytest.raises(AdministrationRefused, match=sentence):
        actions.calendar_wanted(FILE.replace(*change).encode(), date(2026, 11, 22))


def test_a_code_is_added_and_another_ends(staff):
    def wanted(code, zh, until=""):
        content = {"zh": zh, "en": "x", "since": "", "until": until}
        return actions.Wanted(Kind.CODE, "scheme", timezone.localdate(), content, code)

    enact(staff.approver, propose(staff.maker, wanted("190", "试点险种")))
    enact(staff.approver, propose(staff.maker, wanted("120", "机关事业单位基本养老保险", "2027-01-01")))
    with acting(SYSTEM, "the next request"):
        assert table("scheme").label("190") == "试点险种"
        with pytest.raises(UnknownCode):
            table("scheme").get("120", date(2027, 1, 1))
    with pytest.raises(AdministrationRefused, match="end before it begins"):
        propose(
            staff.maker,
            actions.Wanted(
                Kind.CODE,
                "scheme",
                date(2027, 1, 1),
                {"zh": "甲", "en": "a", "since": "2027-01-01", "until": "2026-01-01"},
                "191",
            ),
        )
    with pytest.raises(AdministrationRefused):
        propose(staff.maker, actions.Wanted(Kind.CODE, "no_table", date(2027, 1, 1), {"zh": "甲", "en": "a"}, "1"))


def test_a_letter_is_written_from_the_changed_text_from_its_day(staff):
    text = texts.original(LETTER).replace("现一次性告知", "现一次性书面告知")
    enact(staff.approver, propose(staff.maker, actions.Wanted(Kind.TEXT, LETTER, timezone.localdate(), {"text": text})))
    context = {"names": "甲", "item_name": "乙", "case": {"case_no": "1"}, "lines": ["丙"]}
    with acting(SYSTEM, "the next letter"):
        assert "现一次性书面告知" in render_to_string(LETTER, context)
    assert texts.in_force(LETTER, date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{% include 'x.html' %}", "not filled with"),
        ("{{ settings.SECRET_KEY }}", "not filled with"),
        ("{% load static %}{{ names }}", "not filled with"),
        ("{% if answer_by %}{{ names }}", "do not fit together"),
    ],
)
def test_a_letter_holds_nothing_but_its_own_placeholders(staff, text, sentence):
    with pytest.raises(AdministrationRefused, match=sentence):
        propose(staff.maker, actions.Wanted(Kind.TEXT, LETTER, timezone.localdate(), {"text": text}))


def test_the_present_text_is_not_proposed_again(staff):
    with pytest.raises(AdministrationRefused, match="in force already"):
        propose(staff.maker, actions.Wanted(Kind.TEXT, LETTER, timezone.localdate(), {"text": texts.original(LETTER)}))
