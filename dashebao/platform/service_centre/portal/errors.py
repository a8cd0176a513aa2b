"""What the portal refuses, in sentences meant for the citizen."""


class PortalRefused(Exception):
    """Something a citizen asked for cannot be done; the message says why and what to do."""
