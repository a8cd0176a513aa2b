"""Every page of one thing (a case, a batch, a person …), opened by the links that lead to it, as carefully looked at."""

import re
from itertools import islice

import pytest
from django.urls import Resolver404, resolve

from dashebao.platform.screens.api import Face, pages
from tests.journeys.looking import address_of, look_at, opened

pytestmark = pytest.mark.browser
# page of a thing -> who opens it, the page that links to it
LINKED = {
    "admin_calendar": ("parameter-officer", "admin_calendars"),
    "admin_code": ("parameter-officer", "admin_codes"),
    "admin_code_propose": ("parameter-officer", "admin_code"),
    "admin_job": ("operations", "admin_jobs"),
    "admin_office": ("admin", "admin_offices"),
    "admin_officer": ("admin", "admin_officers"),
    "admin_parameter": ("parameter-officer", "admin_parameters"),
    "admin_parameter_export": ("parameter-officer", "admin_parameter"),
    "admin_parameter_propose": ("parameter-officer", "admin_parameter"),
    "admin_proposal": ("parameter-officer", "admin_proposals"),
    "counter_apply": ("pension-clerk", "counter_start"),
    "counter_case": ("levy-clerk", "counter_cases"),
    "counter_case_paper": ("levy-clerk", "counter_case"),
    "counter_issued_paper": ("levy-clerk", "counter_person"),
    "counter_letter": ("levy-clerk", "counter_case"),
    "counter_month": ("fund-maker", "counter_months"),
    "counter_papers": ("levy-clerk", "counter_person"),
    "counter_person": ("levy-clerk", "counter_case"),
    "counter_person_past": ("levy-clerk", "counter_person"),
    "employer_apply": ("employer", "employer_services"),
    "employer_issued_paper": ("employer", "employer_papers"),
    "employer_paper_print": ("employer", "levy_slip"),
    "employer_rights": ("employer", "employer_operators"),
    "fund_account": ("fund-maker", "fund_ledger"),
    "fund_batch": ("fund-maker", "fund_batches"),
    "fund_journal": ("fund-maker", "fund_journals"),
    "levy_bill_file": ("employer", "levy_slip"),
    "levy_bill_lines": ("employer", "levy_slip"),
    "levy_person": ("levy-clerk", "counter_person"),
    "levy_slip": ("employer", "levy_bills"),
    "levy_staff_person": ("employer", "levy_staff"),
    "notices_edit": ("notices-editor", "notices_desk"),
    "notices_notice": ("citizen", "notices_list"),
    "open_api_change": ("admin", "open_api_client"),
    "open_api_client": ("admin", "open_api_clients"),
    "open_api_operation": ("", "open_api"),
    "pension_award": ("pension-clerk", "counter_person"),
    "pension_estimate": ("pension-clerk", "counter_person"),
    "pension_statement": ("pension-clerk", "counter_person"),
    "portal_apply": ("citizen", "portal_guide"),
    "portal_case": ("citizen", "portal_cases"),
    "portal_case_paper": ("citizen", "portal_case"),
    "portal_guide": ("", "portal_home"),
    "portal_issued_paper": ("citizen", "portal_papers"),
    "portal_letter": ("citizen", "portal_case"),
    "portal_message": ("citizen", "portal_messages"),
    "portal_paper_print": ("citizen", "pension_my_statement"),
    "supervision_finding": ("supervisor", "supervision_findings"),
}
# reached by sending a form, or only while something stands; `because` of each page that no link of the province leads to
NOT_LINKED = {
    "counter_explained": "only cases with a calculation",
    "counter_file": "only cases with an attached file",
    "counter_issued_file": "a file",
    "counter_paper_print": "a file",
    "counter_refusing": "a step of deciding a case",
    "counter_reveal": "asks for the reason by a form",
    "counter_unit": "found by the search for units",
    "counter_unit_past": "from the unit's page",
    "levy_counter_slip": "from the unit's page",
    "pension_transfer": "only while somebody moves to another province",
    "windows_number": "only after a number was drawn",
    "paper_check_code": "printed on papers",
    "portal_check": "a step of handing in",
    "portal_done": "a step of handing in",
    "portal_explained": "only cases with a calculation",
    "employer_case": "only once the employer has handed something in",
    "employer_case_paper": "from the employer's case",
    "employer_explained": "from the employer's case",
    "employer_letter": "from the employer's case",
}
PAGES = {page.name: page for face in Face for page in pages(face)}
FEW = 10  # not every thing links to everything: a case of somebody who pays nothing has no payments
HREF = re.compile(r'href="(/[^"#]*)')


def name_of(address):
    """The name of the page that an address of this site leads to; "" where it is none."""
    try:
        return resolve(address.split("?")[0]).url_name
    except Resolver404:
        return ""


def leading(window, name):
    """Addresses of one page: its own, or of a thing's page each link to it on the pages it is linked from."""
    page = PAGES[name]
    if "<" not in page.path:
        yield address_of(page)
        return
    for source in islice(leading(window, LINKED[name][1]), FEW):
        text = window.request.get(source).text().replace("&amp;", "&")
        yield from (href for href in HREF.findall(text) if name_of(href) == name)


def test_every_page_of_a_thing_is_looked_at_or_said_why_not():
    of_things = {name for name, page in PAGES.items() if "<" in page.path}
    assert of_things == LINKED.keys() | NOT_LINKED.keys()
    assert not LINKED.keys() & NOT_LINKED.keys()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LINKED)
def test_the_page_of_a_thing_is_accessible_fits_and_is_translated(windows, name, language):
    window = windows(LINKED[name][0], language)
    address = next(leading(window, name), None)
    assert address is not None, f"no link leads to {name} from {LINKED[name][1]}"
    if opened(window, address):
        look_at(window, language, axe_in="en" if PAGES[name].face is Face.COUNTER else "zh")
