"""A province whose every word is an attack: no page shows one unescaped, and no hostile entry breaks a page.

DASHEBAO_SWEEP=thorough sends every hostile entry under every name and act, which takes an hour.
"""

import json
import os

import pytest

from dashebao.platform.screens.api import Face, pages
from drills.folders import python

WORDS = {  # pages that show what people wrote: they must have shown the attack, escaped
    "counter_person", "counter_unit", "counter_case", "counter_tasks", "counter_papers", "portal_home", "portal_case",
    "portal_messages", "employer_home", "levy_staff_person", "fund_journal", "notices_list", "counter_audit",
    "admin_officers", "open_api_clients", "supervision_findings", "pension_award", "counter_history",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(product):
    """What the sweep found."""
    thorough = ["--thorough"] if os.environ.get("DASHEBAO_SWEEP") == "thorough" else []
    return json.loads(python(product.data, "-m", "tests.security.sweep", *thorough).stdout.splitlines()[-1])


def test_every_column_of_words_was_poisoned_and_the_pages_were_opened(told):
    assert told["columns"] > 150
    assert told["opened"] > 0.8 * sum(len(pages(face)) for face in Face)
    assert WORDS - set(told["escaped"]) == set()


def test_no_page_shows_text_as_markup(told):
    assert told["bitten"] == []


def test_no_entry_breaks_a_page(told):
    assert told["broken"] == []
