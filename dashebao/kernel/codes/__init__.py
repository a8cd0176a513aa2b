"""Code tables of the standards, and the numbers that identify people and units."""
