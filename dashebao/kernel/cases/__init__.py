"""The one case machine: every service runs through it."""
