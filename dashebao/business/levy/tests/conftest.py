"""A small world for the levy's tests: units and people of Guangdong, made in bulk."""

from dataclasses import dataclass
from datetime import date

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db.backends.postgresql.psycopg_any import DateRange

from dashebao.business.levy.api import Starting, UnitEntry, enrol, enrol_flexible, register_unit
from dashebao.business.levy.models import Identity
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.models import Person, PersonIdentifier, Unit, UnitIdentifier

MONTH = 202611
GUANGZHOU, SHENZHEN = "440106", "440305"


@dataclass
class World:
    """Makes units and people; numbers are made up and count upward."""

    made: int = 0

    def unit(self, region: str = GUANGZHOU, *, risk_class: int = 2, code: str = "", **entry_values) -> int:
        """A registered unit of all five schemes."""
        self.made += 1
        unit = Unit.objects.create(name=f"Unit {self.made}", kind="enterprise", region_code=region)
        UnitIdentifier.objects.create(
            unit=unit,
            kind="uscc",
            value=code or f"91440101{self.made:010d}",
            valid_during=DateRange(date(2020, 1, 1), None),
        )
        entry = UnitEntry(
            **{
                "unit_id": unit.pk,
                "region_code": region,
                "unit_kind": "enterprise",
                "schemes": ("110", "210", "310", "410", "510"),
                "risk_class": risk_class,
                "registered_on": date(2026, 1, 5),
            }
            | entry_values
        )
        register_unit(entry)
        return int(unit.pk)

    def bare_unit(self, region: str = GUANGZHOU) -> int:
        """A unit in the registry that is not registered for social insurance."""
        self.made += 1
        return int(Unit.objects.create(name=f"Unit {self.made}", kind="enterprise", region_code=region).pk)

    def people(self, count: int, region: str = GUANGZHOU) -> list[int]:
        """People without any insurance."""
        rows = Person.objects.bulk_create(
            Person(name=f"P{self.made + n}", sex="1", birth_on=date(1990, 1, 1), region_code=region)
            for n in range(count)
        )
        PersonIdentifier.objects.bulk_create(
            PersonIdentifier(
                person=row,
                kind="resident_id",
                value=f"4401061990{row.pk:08d}",
                valid_during=DateRange(date(1990, 1, 1), None),
            )
            for row in rows
        )
        self.made += count
        return [int(row.pk) for row in rows]

    def staff(self, unit: int, wages: list[int], month: int = MONTH) -> list[int]:
        """People of a unit with these wages in fen."""
        people = self.people(len(wages))
        enrol(unit, [Starting(person, wage) for person, wage in zip(people, wages, strict=True)], month)
        return people

    def flexible(self, base_fen: int, month: int = MONTH) -> int:
        """A flexible worker who pays pension and medical alone."""
        person = self.people(1)[0]
        enrol_flexible(Starting(person, base_fen, ("110", "310"), Identity.FLEXIBLE), GUANGZHOU, month)
        return person


@pytest.fixture
def world(db, settings, tmp_path):
    """A world with a tax office, acting as the system."""
    settings.DATA = tmp_path
    pem = ec.generate_private_key(ec.SECP256R1()).public_key()
    text = pem.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    with acting(SYSTEM, "test"):
        register_partner("tax", "税务局", text)
        yield World()
