"""The maker, the approver, and a process that forgets what a test approved."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import forget_reference_data
from dashebao.platform.administration.loading import forget
from dashebao.platform.administration.tests.officers import officer


@dataclass(frozen=True)
class Staff:
    """Who acts in the tests."""

    maker: User
    approver: User
    both: User
    admin: User


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What was approved in a test is rolled back; so is what the process holds of it."""
    yield
    forget()
    forget_reference_data()


@pytest.fixture
def staff(db: None) -> Staff:
    """One officer for each duty, and one with both."""
    return Staff(
        officer("maker", "admin.parameters"),
        officer("approver", "admin.approver"),
        officer("both", "admin.parameters", "admin.approver"),
        officer("boss", "admin.users"),
    )
