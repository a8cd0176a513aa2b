"""Service items of the residents' pension."""

from dashebao.business.insurance.residents.items import claiming, enrolling, paying

__all__ = ["claiming", "enrolling", "paying"]
