"""The web login's fixture of the case machine, for pages of this system."""

from dashebao.kernel.cases.tests.conftest import web_login  # noqa: F401
