"""Services the public service centre itself offers."""

from dashebao.platform.service_centre.portal.items import complaints

__all__ = ["complaints"]
