"""Invented people for tests: valid numbers from a running count."""

from datetime import date

from dashebao.kernel.codes.api import make_resident_id
from dashebao.kernel.registry.api import PersonEntry, register_person

BIRTH = date(1980, 5, 17)


def id_number(count=1, birth=BIRTH, region="440106"):
    """A valid citizen's number; odd counts are men."""
    return make_resident_id(region, birth, count)


def somebody(count=1, name="欧阳测", **changes):
    """A registered person."""
    fields = {"name": name, "region_code": "440106", "number": id_number(count)} | changes
    return register_person(PersonEntry(**fields))
