"""The door of the events system."""

from dashebao.kernel.events.publishing import Event, listeners, listens, publish, publish_many

__all__ = ["Event", "listeners", "listens", "publish", "publish_many"]
