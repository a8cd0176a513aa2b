"""The administrators' pages from the browser's side: what is shown, refused, and done."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dashebao.kernel.batches.api import Run
from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import SYSTEM, AuditEntry, Change, acting
from dashebao.kernel.rules.api import STORE
from dashebao.platform.administration.actions import parameter_wanted
from dashebao.platform.administration.models import Enactment, Proposal
from dashebao.platform.administration.parameter_words import OTHERS, topic_of
from dashebao.platform.administration.tests.officers import officer, propose
from demonstration.administering import CALENDAR

BASIC = "residents.basic"


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    with acting(SYSTEM, "test"):
        client.force_login(user, "dashebao.kernel.identity.backends.PasswordBackend")
    return client


def test_a_change_goes_from_the_form_to_the_approval(staff):
    maker = client_of(staff.maker)
    form = {
        "region": "44",
        "since": "2027-01-01",
        "value": "300",
        "act_title": "粤人社发〔2026〕99号",
        "act_article": "第二条",
        "reason": "年度调整",
    }
    wrong = maker.post(f"/counter/admin/parameter/{BASIC}/propose/", form | {"value": "3,x"})
    assert wrong.status_code == 422
    assert "is not a number in decimals" in wrong.content.decode()
    assert "粤人社发〔2026〕99号" in wrong.content.decode()  # entries are kept
    page = maker.post(f"/counter/admin/parameter/{BASIC}/propose/", form)
    made = Proposal.objects.get()
    assert page.headers["Location"] == f"/counter/admin/proposal/{made.pk}/"
    shown = maker.get(page.headers["Location"]).content.decode()
    assert "300 yuan" in shown
    assert 'value="approve"' not in shown
    approver = client_of(staff.approver, "zh-hans")
    text = approver.get(f"/counter/admin/proposal/{made.pk}/").content.decode()
    assert "影响人数" in text
    assert 'value="approve"' in text
    approver.post(f"/counter/admin/proposal/{made.pk}/", {"act": "approve", "digest": made.digest, "opinion": "同意"})
    assert Enactment.objects.get().opinion == "同意"
    values = approver.get(f"/counter/admin/parameter/{BASIC}/").content.decode()
    assert "Approver 于" in values
    exported = maker.get(f"/counter/admin/parameter/{BASIC}/export/?region=44").content.decode()
    assert "2027-01-01:\n    value: 300" in exported


@pytest.mark.parametrize(
    "path",
    [
        "offices/",
        "officers/",
        "parameters/",
        "proposals/",
        "codes/",
        "calendars/",
        "letters/",
        "jobs/",
        "sessions/",
        "health/",
    ],
)
def test_administration_is_closed_to_business_duties(staff, path):
    clerk = client_of(officer("clerk", "pension.approver"))
    assert clerk.get(f"/counter/admin/{path}").status_code == 403


def test_a_user_administrator_holds_no_other_right(staff):
    boss = client_of(staff.admin)
    assert boss.get("/counter/admin/officers/").status_code == 200
    for closed in (
        "/counter/tasks/",
        "/counter/people/",
        "/counter/audit/",
        "/counter/admin/parameters/",
        "/counter/admin/jobs/",
    ):
        assert boss.get(closed).status_code == 403


def test_an_excluding_role_is_refused_on_the_page_in_both_languages(staff):
    clerk = officer("clerk", "levy.clerk")
    for language, sentence in (("en", "exclude each other"), ("zh-hans", "不得兼任")):
        boss = client_of(staff.admin, language)
        answer = boss.post(
            f"/counter/admin/officer/{clerk.pk}/",
            {"act": "grant", "role": "fund.maker", "since": timezone.localdate().isoformat()},
            follow=True,
        )
        assert sentence in answer.content.decode()
    assert clerk.grants.count() == 1


def test_a_calendar_is_uploaded_and_its_mistakes_are_named(staff):
    maker = client_of(staff.maker)
    text = CALENDAR.format(year=2027, before=2026)
    form = {"act_article": "全文", "reason": "年度日历"}
    bad = maker.post(
        "/counter/admin/calendars/load/",
        form | {"file": SimpleUploadedFile("c.yaml", text.replace("中秋节", "某节").encode())},
    )
    assert bad.status_code == 422
    assert "lacks 中秋" in bad.content.decode()
    good = maker.post("/counter/admin/calendars/load/", form | {"file": SimpleUploadedFile("c.yaml", text.encode())})
    assert "246 working days" in maker.get(good.headers["Location"]).content.decode()


def test_the_trail_is_narrowed_by_person_officer_and_day_and_exported(staff):
    auditor = client_of(officer("auditor", "audit.reader"))
    propose(staff.maker, parameter_wanted(BASIC, "44", date(2027, 1, 1), "300"))
    shown = auditor.get("/counter/audit/?who=maker").content.decode()
    assert "Proposed a change of reference data" in shown
    assert "administration.proposed" not in re.sub(r'value="[^"]*"', "", shown)
    assert "No acts fit" in auditor.get("/counter/audit/?who=nobody").content.decode()
    assert "Nobody in your area" in auditor.get("/counter/audit/?person=11010519491231002X").content.decode()
    assert "No acts fit" in auditor.get("/counter/audit/?until=2020-01-01").content.decode()
    file = auditor.get("/counter/audit/?area=administration&file=1")
    assert file.content[:2] == b"PK"
    assert AuditEntry.objects.filter(verb="administration.audit_exported").exists()


def test_a_run_is_asked_for_and_the_wish_is_recorded(staff):
    with acting(SYSTEM, "test"):
        run = Run.objects.create(pipeline="month", period=202611)
    client = client_of(officer("ops", "admin.operations"))
    assert client.post(f"/counter/admin/job/{run.pk}/").status_code == 302
    run.refresh_from_db()
    assert run.wanted_at is not None
    assert "the worker carries the run on" in client.get(f"/counter/admin/job/{run.pk}/").content.decode()
    assert client.get("/counter/admin/health/").status_code == 200


def test_lists_take_a_fixed_number_of_queries(staff, django_assert_max_num_queries):
    boss = client_of(staff.admin)
    for number in range(30):
        officer(f"o{number}", "levy.clerk")
    with django_assert_max_num_queries(16):
        boss.get("/counter/admin/officers/")
    maker = client_of(staff.maker)
    with django_assert_max_num_queries(16):
        maker.get("/counter/admin/parameters/")


def test_every_parameter_stands_under_a_heading_in_words():
    assert [name for name in STORE.parameters if topic_of(name) == OTHERS] == []


def test_parameters_are_listed_by_insurance_and_found_by_words(staff):
    maker = client_of(staff.maker)
    first = maker.get("/counter/admin/parameters/").content.decode()
    assert "Award of the pension" in first
    assert "pension.basic_rate" in first
    assert "levy.injury.project_rate" not in first
    assert "levy.injury.project_rate" in maker.get("/counter/admin/parameters/?insurance=injury").content.decode()
    found = maker.get("/counter/admin/parameters/?q=Late+fee").content.decode()
    assert "levy.late_fee_rate" in found
    assert "pension.basic_rate" not in found
    region = maker.get("/counter/admin/parameters/?region=4403&insurance=medical").content.decode()
    assert "levy.medical.tier2_worker_rate" in region
    assert maker.get("/counter/admin/parameters/?q=nothing+like+this").status_code == 200


def test_the_columns_of_a_large_change_are_fetched_when_opened(staff):
    auditor = client_of(officer("auditor", "audit.reader"))
    change = next(one for one in Change.objects.order_by("-id") if one.op == "I" and len(one.after or {}) > 4)
    page = auditor.get("/counter/audit/rows/", {"table": change.table_name, "row": change.row_id}).content.decode()
    assert f'hx-get="?change={change.pk}"' in page
    part = auditor.get("/counter/audit/rows/", {"change": change.pk}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<table")
    whole = auditor.get("/counter/audit/rows/", {"change": change.pk}).content.decode()
    assert "<!doctype" in whole
    assert part.strip()[:80] in whole
