"""The duties of fund supervision, as the identity system knows them."""

VIEWER, OFFICER = "supervision.viewer", "supervision.officer"
