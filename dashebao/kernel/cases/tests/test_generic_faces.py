"""The three unlike items need no screen of their own: guide, form, roster and step forms are drawn generically."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from dashebao.kernel.cases.api import Application, Paper, at, case_view, submit
from dashebao.kernel.cases.tests.declarations import allowance, complaint, divorce
from dashebao.kernel.cases.tests.people import couple, household, officer, workers
from dashebao.kernel.catalogue.api import Applicant, Channel, ServiceItem, guide, registered

CASES = [
    (divorce.RegisterDivorce, couple(), "civil.clerk"),
    (allowance.ConfirmAllowance, household(), "civil.clerk"),
    (complaint.ComplainOfWages, workers(), "labour.clerk"),
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("declared", "applicant", "role"), CASES, ids=lambda value: getattr(value, "code", None))
def test_guide_form_roster_and_step_forms_can_be_drawn(declared, applicant: Applicant, role: str, language: str):
    item: ServiceItem = declared()
    with translation.override(language):
        shown = guide(item)
        pages = [item.Form().as_p(), *(step.form().as_p() for step in item.steps if step.form is not None)]
        if item.Row is not None:
            pages.append(item.Row(prefix="rows-0").as_p())
    assert all(page.count("<label") >= 1 for page in pages)
    assert len(shown.steps) == len(item.steps)
    assert all(paper.law or not paper.must_bring or paper.note for paper in shown.papers)
    assert shown.who
    assert shown.channels
    assert shown.law
    assert shown.result


@pytest.mark.django_db
@pytest.mark.parametrize(("declared", "applicant", "role"), CASES, ids=lambda value: getattr(value, "code", None))
def test_every_example_opens_a_case_whose_page_names_answers_parties_and_acts(declared, applicant, role):
    clerk = officer(role)
    papers = {material.name: Paper() for material in declared.materials}
    with registered(declared), at(date(2026, 9, 1)):
        for number, example in enumerate(declared.examples):
            application = Application(declared.code, applicant, example.answers, Channel.COUNTER, f"e{number}", papers)
            view = case_view(submit(application, clerk).case_no, clerk)
            assert [answer.name for answer in view.answers] == list(declared.Form.base_fields)
            assert len(view.rows) == len(example.answers.get("rows", []))
            assert len(view.parties) == len(applicant.parties)
            assert {"take", "advance", "refuse", "ask_correction"} <= view.can
            assert all(answer.value != "" for answer in view.answers)
            step = declared.steps[0]
            assert (view.step_form is not None) == (step.form is not None)


@pytest.mark.django_db
def test_a_case_page_costs_the_same_for_three_workers_and_for_many(django_assert_max_num_queries):
    clerk = officer("labour.clerk")
    rows = [{"name": f"工{n}", "months": 2, "claim_fen": 100} for n in range(40)]
    with registered(complaint.ComplainOfWages), at(date(2026, 9, 1)):
        answers = {"since": "2026-05-01", "rows": rows}
        no = submit(
            Application("JC-01", workers(), answers, Channel.COUNTER, "many", {"投诉书": Paper()}), clerk
        ).case_no
        with django_assert_max_num_queries(20):
            assert len(case_view(no, clerk).rows) == 40
