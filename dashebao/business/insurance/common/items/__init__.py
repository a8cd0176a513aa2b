"""Service items of running benefits."""

from dashebao.business.insurance.common.items import qualification, stopping

__all__ = ["qualification", "stopping"]
