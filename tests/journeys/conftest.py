"""Browsers at the running product, and the stories that several journeys look at."""

import pytest

from tests.journeys.acts import Retirement, decide, declare_by_form, retire, sign_everything
from tests.journeys.visitors import Visitors

NEXT = "2026-12"


@pytest.fixture(scope="session")
def visitors(product, chromium):
    """Everybody who signs in; at the end no page may have broken the security policy or asked another host."""
    crowd = Visitors(product, chromium)
    yield crowd
    crowd.leave()
    assert crowd.complaints == []


@pytest.fixture
def visit(visitors):
    """Open a new browser page for a user: `visit("pension-clerk")`, signed in and in English."""
    before = len(visitors.contexts)
    yield visitors.enter
    visitors.leave(before)


@pytest.fixture(scope="module")
def windows(visitors):
    """One window for each user and language, used for every page."""
    opened = {}

    def window(username, language):
        key = username, language
        if key not in opened:
            opened[key] = visitors.enter(username, language=language)
        return opened[key]

    yield window
    visitors.leave()


@pytest.fixture(scope="session")
def retirement(product, visitors) -> Retirement:
    """A claim handed in at the portal and decided by three officers."""
    product.give_roles("pension-clerk", "pension.assessor", "pension.approver")
    found = retire(visitors.enter)
    visitors.leave()
    return found


@pytest.fixture(scope="session")
def declaration(visitors) -> str:
    """The employer's declaration of the open month by form: what the portal answered."""
    answer = declare_by_form(visitors.enter("employer"))
    visitors.leave()
    return answer


@pytest.fixture(scope="session")
def december(product, visitors, retirement, declaration) -> list[str]:
    """The next month run by the command line, its batches signed by three people in the browser; their answers."""
    product.send_officers_home()
    answers: list[str] = []
    month = product.begin("month", "run", NEXT, "--wait", "300", "--json")
    while month.poll() is None:
        answers += sign_everything(visitors.enter)
        visitors.leave()
    assert month.returncode == 0, month.communicate()
    return answers


@pytest.fixture(scope="session")
def grant(product, visitors, december) -> str:
    """A survivors' claim for somebody who died in another county, decided after the month was closed."""
    ((sealed,),) = product.rows(DECEASED)
    number = product.opened(sealed)
    from_page = visitors.enter("citizen")
    case = decide(visitors.enter, from_page, "SI-402", {"deceased": number, "relation": "child"})
    visitors.leave()
    return case


DECEASED = """
    select i.value from registry_person p join registry_personidentifier i on i.person_id = p.id
    where p.died_on is not null and p.region_code not like '4401%' order by p.id limit 1"""
