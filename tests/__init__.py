"""Tests across systems: over registries, of the architecture, and of journeys."""
