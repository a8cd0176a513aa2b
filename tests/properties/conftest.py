"""The levy's small world, for histories that hypothesis invents."""

from dashebao.business.levy.tests.conftest import world  # noqa: F401  a fixture
