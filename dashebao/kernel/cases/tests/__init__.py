"""Tests of the case machine."""
