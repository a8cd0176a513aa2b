"""The one file that names every system of the product."""

APPS = [
    "dashebao.kernel.records",
    "dashebao.kernel.events",
    "dashebao.kernel.identity",
    "dashebao.kernel.registry",
    "dashebao.kernel.ledger",
    "dashebao.kernel.exchange",
    "dashebao.kernel.batches",
    "dashebao.kernel.catalogue",
    "dashebao.kernel.cases",
    "dashebao.platform.screens",
    "dashebao.platform.service_centre.counter",
    "dashebao.platform.service_centre.portal",
    "dashebao.platform.service_centre.employer",
    "dashebao.business.fund",
    "dashebao.business.levy",
    "dashebao.business.insurance.common",
    "dashebao.business.insurance.pension",
    "dashebao.business.insurance.residents",
    "dashebao.business.insurance.injury",
    "dashebao.site",
]
