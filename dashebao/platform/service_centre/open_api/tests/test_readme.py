"""The README's curl lines, word for word, against the interface."""

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from dashebao.kernel.cases.api import at
from dashebao.platform.service_centre.open_api.tests.conftest import call

pytestmark = pytest.mark.django_db
README = Path(__file__).resolve().parents[1] / "README.md"
LINES = re.findall(r"^curl .*$", README.read_text(), re.M)


def request_of(line):
    """Method, path, body and headers of a curl line."""
    words = shlex.split(line)
    headers, body, address = {}, None, ""
    for place, word in enumerate(words):
        if word == "-H":
            name, value = words[place + 1].split(": ", 1)
            headers[name] = value
        elif word == "-d":
            body = words[place + 1]
        elif word.startswith("$HOST"):
            address = word.removeprefix("$HOST/api/v1/")
    return ("POST" if body else "GET"), address, body, headers


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split()[2])
def test_the_line_works_for_an_employer(world, line):
    program = world.employer()
    method, address, body, headers = request_of(line)
    headers["Authorization"] = headers["Authorization"].replace("$KEY", program.text)
    with at(date(2026, 12, 2)):
        answer = call(method, address, body, headers)
    expected = 409 if "SI-103" in address else 200  # this unit is not registered for insurance
    assert answer.status_code == expected, answer.content.decode()


def test_there_are_lines():
    assert len(LINES) >= 5
