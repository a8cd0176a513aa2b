"""The public service centre: the doors through which people and units come in."""
