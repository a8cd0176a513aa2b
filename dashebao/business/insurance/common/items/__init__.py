"""Service items of running benefits."""

from dashebao.business.insurance.common.items import paying, qualification, repaying, stopping

__all__ = ["paying", "qualification", "repaying", "stopping"]
